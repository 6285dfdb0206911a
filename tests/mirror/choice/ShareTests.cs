using Microsoft.AspNetCore.Http;

namespace Pressure.Mirror.Tests;

public class ShareTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void About_that_share_of_requests_is_meant_and_the_same_for_the_same_seed(double share)
    {
        var chosen = Choose(new CopyRules { Share = share, Seed = 7 }, 20_000);

        Assert.InRange(chosen.Count(c => c), (share - 0.02) * 20_000, (share + 0.02) * 20_000);
        Assert.Equal(chosen, Choose(new CopyRules { Share = share, Seed = 7 }, 20_000));
        Assert.NotEqual(chosen, Choose(new CopyRules { Share = share, Seed = 8 }, 20_000));
    }

    [Fact]
    public void All_requests_of_a_connection_are_meant_or_none()
    {
        var choice = new CopyChoice(new CopyRules { Share = 0.3, By = ShareBy.Connection });

        var meant = Enumerable.Range(1, 2_000).Select(id => Enumerable.Range(0, 3).Select(_ => Judge(choice, Connection(id, "10.0.0.1"))).Distinct().Single()).Count(f => f == CopyFate.Open);

        Assert.InRange(meant, 500, 700);
    }

    [Fact]
    public void All_requests_from_an_address_are_meant_or_none()
    {
        var choice = new CopyChoice(new CopyRules { Share = 0.3, By = ShareBy.Client });

        var meant = Enumerable.Range(0, 2_000).Select(i => Enumerable.Range(1, 3).Select(id => Judge(choice, Connection(id, $"10.0.{i / 250}.{i % 250}"))).Distinct().Single()).Count(f => f == CopyFate.Open);

        Assert.InRange(meant, 500, 700);
    }

    [Fact]
    public void All_requests_with_the_same_value_of_a_field_are_meant_or_none()
    {
        var choice = new CopyChoice(new CopyRules { Share = 0.3, By = ShareBy.Header, ByHeader = "X-User" });

        var meant = Enumerable.Range(0, 2_000).Select(i => Enumerable.Range(1, 3).Select(id => Judge(choice, Connection(id, "10.0.0.1"), ("X-User", $"user {i}"))).Distinct().Single()).Count(f => f == CopyFate.Open);

        Assert.InRange(meant, 500, 700);
    }

    [Fact]
    public void A_larger_share_holds_all_of_a_smaller_one()
    {
        var small = Choose(new CopyRules { Share = 0.2, By = ShareBy.Request }, 5_000);
        var large = Choose(new CopyRules { Share = 0.4, By = ShareBy.Request }, 5_000);

        Assert.DoesNotContain(small.Zip(large), pair => pair is (true, false));
    }

    [Theory]
    [InlineData("/api/x", CopyFate.Open)]
    [InlineData("/api/x?y=/other", CopyFate.Open)]
    [InlineData("/other?y=/api/", CopyFate.Path)]
    [InlineData("/api/admin/1", CopyFate.Path)]
    [InlineData("/other?buy=1&x", CopyFate.Open)]
    [InlineData("/other?buy=2", CopyFate.Path)]
    public void Paths_choose_without_the_query_unless_the_pattern_has_one(string target, CopyFate expected)
    {
        var choice = new CopyChoice(new CopyRules { Paths = ["/api/*", "*?buy=1*"], Except = ["/api/admin/*"] });

        Assert.Equal(expected, choice.Judge(new DefaultHttpContext(), target, Connection(1, "10.0.0.1")));
    }

    private static List<bool> Choose(CopyRules rules, int requests)
    {
        var choice = new CopyChoice(rules);
        return [.. Enumerable.Range(0, requests).Select(_ => Judge(choice, Connection(1, "10.0.0.1")) == CopyFate.Open)];
    }

    private static CopyFate Judge(CopyChoice choice, ClientConnection connection, params (string Name, string Value)[] fields)
    {
        var context = new DefaultHttpContext();
        foreach (var (name, value) in fields)
            context.Request.Headers[name] = value;
        return choice.Judge(context, "/", connection);
    }

    private static ClientConnection Connection(long id, string address) => new(id, new(System.Net.IPAddress.Parse(address), 4000));
}
