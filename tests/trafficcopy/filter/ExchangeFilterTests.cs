using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.TrafficCopy.Tests;

public class ExchangeFilterTests
{
    [Theory]
    [InlineData("GET", "", "", "", FilterReason.None)]
    [InlineData("get,HEAD", "", "", "", FilterReason.None)]
    [InlineData("POST", "", "", "", FilterReason.Method)]
    [InlineData("", "shop.example", "", "", FilterReason.None)]
    [InlineData("", "SHOP.*", "", "", FilterReason.None)]
    [InlineData("", "shop.example:8080", "", "", FilterReason.None)]
    [InlineData("", "shop.example:80", "", "", FilterReason.Host)]
    [InlineData("", "*.example.org", "", "", FilterReason.Host)]
    [InlineData("", "", "/item/*", "", FilterReason.None)]
    [InlineData("", "", "/item/42", "", FilterReason.None)]
    [InlineData("", "", "/item/42?a=*", "", FilterReason.None)]
    [InlineData("", "", "/item/42?b=*", "", FilterReason.Path)]
    [InlineData("", "", "/cart*", "", FilterReason.Path)]
    [InlineData("", "", "", "/item/*", FilterReason.Path)]
    [InlineData("", "", "/item/*", "/item/4*", FilterReason.Path)]
    public void A_request_passes_when_method_host_and_path_are_asked_for(string methods, string hosts, string paths, string except, FilterReason reason)
    {
        var filter = new ExchangeFilter(new() { Methods = List(methods), Hosts = List(hosts), Paths = List(paths), ExceptPaths = List(except) }, new Sink());
        var exchange = Exchanges.Get(1, 0, 0);
        exchange.Request = Exchanges.Message("GET /item/42?a=b%3F HTTP/1.1\r\nHost: Shop.example:8080\r\n", "");

        Assert.Equal(reason, filter.Judge(exchange));

        exchange.Request = Exchanges.Message("GET http://shop.example:8080/item/42?a=b%3F HTTP/1.1\r\nHost: other\r\n", "");
        Assert.Equal(reason, filter.Judge(exchange));
    }

    [Fact]
    public void What_is_left_out_is_counted_by_reason_and_ends_of_connections_pass()
    {
        var sink = new Sink();
        var filter = new ExchangeFilter(new() { StatusClasses = [2], From = Exchanges.Start + 10, Until = Exchanges.Start + 20 }, sink);
        foreach (var at in (int[])[5, 10, 15, 19, 20])
            filter.Take(Exchanges.Get(1, at, at));
        var unanswered = Exchanges.Get(1, 0, 12);
        (unanswered.ResponseAt, unanswered.Response) = (0, default);
        filter.Take(unanswered);
        filter.EndConnection(1, 0);

        Assert.Equal([10, 15, 19], sink.Taken.Select(e => e.Order));
        Assert.Equal(1, sink.Ended);
        Assert.Equal(new Dictionary<string, long> { ["time"] = 2, ["status"] = 1 }, filter.LeftOut);
    }

    [Fact]
    public void Raw_tcp_is_asked_for_by_address_and_port()
    {
        var turn = new CapturedExchange { Protocol = TrafficProtocol.Tcp, Server = new(System.Net.IPAddress.Parse("10.0.0.7"), 6379) };

        Assert.Equal(FilterReason.None, Judge(new() { Methods = ["TCP"], Hosts = ["10.0.0.*"], Paths = [":6379"] }));
        Assert.Equal(FilterReason.Method, Judge(new() { Methods = ["GET"] }));
        Assert.Equal(FilterReason.Host, Judge(new() { Hosts = ["10.0.1.*"] }));
        Assert.Equal(FilterReason.Path, Judge(new() { ExceptPaths = [":6379"] }));

        FilterReason Judge(FilterRules rules) => new ExchangeFilter(rules, new Sink()).Judge(turn);
    }

    [Fact]
    public void A_sample_takes_whole_connections_and_a_larger_one_contains_a_smaller_one()
    {
        var taken = Enumerable.Range(1, 20_000).Where(c => ConnectionSample.Takes(c, 0.1, 5)).ToHashSet();

        Assert.InRange(taken.Count, 1_800, 2_200);
        Assert.True(taken.All(c => ConnectionSample.Takes(c, 0.2, 5)));
        Assert.NotEqual(taken, Enumerable.Range(1, 20_000).Where(c => ConnectionSample.Takes(c, 0.1, 6)).ToHashSet());
        Assert.True(Enumerable.Range(1, 1000).All(c => ConnectionSample.Takes(c, 1, 5)));
    }

    [Fact]
    public void A_wildcard_pattern_is_what_a_regular_expression_says() =>
        Prop.ForAll(Text("ab*").ToArbitrary(), Text("abA").ToArbitrary(), (pattern, text) =>
        {
            // Tried one after another, many stars would take for ever.
            var expected = Regex.IsMatch(text, $"\\A{Regex.Escape(pattern).Replace("\\*", ".*")}\\z", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking);
            Assert.Equal(expected, new WildcardPattern(pattern, ignoreCase: true).IsMatch(Encoding.ASCII.GetBytes(text)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static Gen<string> Text(string letters) => Gen.Elements(letters.ToCharArray()).ArrayOf().Select(c => new string(c));

    private static string[] List(string words) => words.Split(',', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Keeps what it is given.</summary>
internal sealed class Sink : IExchangeSink
{
    public List<CapturedExchange> Taken { get; } = [];

    public int Ended { get; private set; }

    public void Take(CapturedExchange exchange) => Taken.Add(exchange.Keep());

    public void EndConnection(long connection, long at) => Ended++;
}
