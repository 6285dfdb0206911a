using System.Text;

namespace Pressure.Mirror.Tests;

public class CopyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_arrives_marked_with_the_same_path_body_and_fields()
    {
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Rules = new CopyRules { Methods = ["POST"] } });
        using var request = new HttpRequestMessage(HttpMethod.Post, "a%2Fb/./c?d=%41") { Content = new StringContent("{\"a\":1}", Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("X-Any", "thing");
        request.Headers.TryAddWithoutValidation("baggage", "who=me");
        using var answer = await rig.Client.SendAsync(request, Stop);
        await rig.SettledAsync();

        var (asked, copy) = (rig.Production.Asked.Single(), rig.Target.Asked.Single());

        Assert.Equal((asked.Method, asked.Target), (copy.Method, copy.Target));
        Assert.Equal(asked.Body, copy.Body);
        Assert.Equal(("thing", "application/json; charset=utf-8"), (copy.Headers["X-Any"], copy.Headers["Content-Type"]));
        Assert.Equal(("m1-1", "m1", "who=me,pressure.run=m1"), (copy.Headers["X-Pressure-Mirror"], copy.Headers["X-Pressure-Run"], copy.Headers["baggage"]));
        Assert.Equal(new Uri(rig.Target.Url).Authority, copy.Headers["Host"]);
        Assert.DoesNotContain(asked.Headers.Keys, k => k.StartsWith("X-Pressure", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Credentials_do_not_leave_production_unless_they_are_kept_by_name()
    {
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Headers = new CopyHeaderRules { Keep = ["x-api-key"], Remove = ["X-Secret"] } });
        using var request = new HttpRequestMessage(HttpMethod.Get, "a");
        foreach (var name in CopyHeaderRules.Credentials.Append("X-Secret").Append("X-Other"))
            request.Headers.TryAddWithoutValidation(name, "secret");
        using var answer = await rig.Client.SendAsync(request, Stop);
        await rig.SettledAsync();

        var copied = rig.Target.Asked.Single().Headers.Keys.Where(k => rig.Target.Asked.Single().Headers[k] == "secret");

        Assert.Equal(["X-Api-Key", "X-Other"], copied.Order(StringComparer.Ordinal));
        // Proxy-Authorization is for the proxy, so even production does not see it.
        Assert.Equal(CopyHeaderRules.Credentials.Count + 1, rig.Production.Asked.Single().Headers.Values.Count(v => v == "secret"));
    }

    [Theory]
    [InlineData("", "shop.test")]
    [InlineData("staging.test", "staging.test")]
    public async Task The_host_is_kept_or_another_one(string rule, string expected)
    {
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Headers = new CopyHeaderRules { Host = rule } });
        using var request = new HttpRequestMessage(HttpMethod.Get, "a");
        request.Headers.Host = "shop.test";
        using var answer = await rig.Client.SendAsync(request, Stop);
        await rig.SettledAsync();

        Assert.Equal(expected, rig.Target.Asked.Single().Headers["Host"]);
    }

    [Fact]
    public async Task Fields_of_one_hop_stay_there()
    {
        await using var rig = await MirrorRig.StartAsync();
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(rig.Mirror.Listening, Stop);
        await socket.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\nX-Stays: 1\r\n\r\n"u8.ToArray(), Stop);
        await new StreamReader(socket.GetStream()).ReadToEndAsync(Stop);
        await rig.SettledAsync();

        Assert.Equal(["Host", "X-Stays", "baggage"], rig.Target.Asked.Single().Headers.Keys.Where(k => !k.StartsWith("X-Pressure", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Only_methods_that_change_nothing_are_copied_unless_others_are_named()
    {
        await using var rig = await MirrorRig.StartAsync();
        foreach (var method in new[] { "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PURGE" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "a");
            using var answer = await rig.Client.SendAsync(request, Stop);
        }
        await rig.SettledAsync();

        Assert.Equal(["GET", "HEAD", "OPTIONS"], rig.Target.Asked.Select(a => a.Method).Order(StringComparer.Ordinal));
        Assert.Equal((3, 5), (rig.Status.Copies!.Copied, rig.Status.Copies.Fates["method"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bodies_up_to_the_limit_are_copied_and_longer_ones_counted(bool chunked)
    {
        const int Limit = 20_000;
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Rules = new CopyRules { Methods = ["POST"] }, Limits = new CopyLimits { MaxBody = Limit } });
        foreach (var length in new[] { 0, 1, Limit, Limit + 1, 500_000 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "a") { Content = new ByteArrayContent(Server.Pattern(length)) };
            request.Headers.TransferEncodingChunked = chunked;
            using var answer = await rig.Client.SendAsync(request, Stop);
            Assert.Equal($"POST /a {length}", await answer.Content.ReadAsStringAsync(Stop));
        }
        await rig.SettledAsync();

        Assert.Equal([0, 1, Limit], rig.Target.Asked.Select(a => a.Body.Length).Order());
        Assert.All(rig.Target.Asked, a => Assert.Equal(Server.Pattern(a.Body.Length), a.Body));
        Assert.Equal(2, rig.Status.Copies!.Fates["body-too-large"]);
        Assert.Equal(0, rig.Status.Copies.HeldBytes);
    }

    [Fact]
    public async Task A_copy_is_not_copied_again()
    {
        await using var rig = await MirrorRig.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "a");
        request.Headers.Add("X-Pressure-Mirror", "m0-1");
        using var answer = await rig.Client.SendAsync(request, Stop);

        Assert.Equal(1, await rig.FateAsync(CopyFate.Marked));
        Assert.Equal((1, 0), (rig.Production.Count, rig.Target.Count));
    }

    [Fact]
    public async Task While_paused_nothing_is_copied()
    {
        await using var rig = await MirrorRig.StartAsync();
        rig.Mirror.IsPaused = true;
        await rig.Client.GetStringAsync("a", Stop);
        rig.Mirror.IsPaused = false;
        await rig.Client.GetStringAsync("b", Stop);
        await rig.SettledAsync();

        Assert.Equal("/b", rig.Target.Asked.Single().Target);
        Assert.Equal(1, rig.Status.Copies!.Fates["paused"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_that_production_does_not_answer_are_copied_only_when_asked_for(bool copyFailed)
    {
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Rules = new CopyRules { CopyFailed = copyFailed } });
        await rig.Production.DisposeAsync();
        using var answer = await rig.Client.GetAsync("a", Stop);
        await rig.SettledAsync();

        Assert.Equal(copyFailed ? 1 : 0, rig.Target.Count);
    }

    [Fact]
    public async Task What_the_target_answers_is_nothing_to_the_client()
    {
        await using var rig = await MirrorRig.StartAsync();
        rig.Target.Before = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        Assert.Equal("GET /a 0", await rig.Client.GetStringAsync("a", Stop));
        Assert.Equal(1, await rig.FateAsync(CopyFate.Broken));
    }
}
