using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster.Tests;

/// <summary>What goes out for a captured request.</summary>
public sealed class ReplayRequestTests
{
    private static readonly ReplayOrder Plain = new() { Captures = ["fake.capture"], Methods = ["GET", "POST"] };

    [Fact]
    public void A_request_goes_out_as_captured_but_for_the_hop_and_with_the_runs_marks()
    {
        var request = One(new FakeCapture().Add(1, 0,
            "GET /a?b=c HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: fox\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\n"
            + "Accept: */*\r\nX-Pressure-Run: old\r\ntraceparent: 00-0-0-01\r\ntracestate: v=1\r\nbaggage: user=1\r\n"));
        Assert.Equal(
            "GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:5080\r\nUser-Agent: fox\r\nAccept: */*\r\nX-Pressure-Run: run-1\r\nbaggage: user=1,pressure.run=run-1\r\n"
            + "traceparent: 00-11111111111111111111111111111111-2222222222222222-01\r\n\r\n",
            request.Text);
    }

    [Fact]
    public void A_chunked_body_goes_out_whole_with_its_length()
    {
        var request = One(new FakeCapture().Add(1, 0, "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nExpect: 100-continue\r\n", "hello"));
        Assert.Equal("5", request.Field("Content-Length"));
        Assert.Equal("hello", request.Body);
        Assert.Null(request.Field("Transfer-Encoding"));
        Assert.Null(request.Field("Expect"));
        Assert.Equal("0", One(new FakeCapture().Add(1, 0, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n")).Field("Content-Length"));
        Assert.Null(One(new FakeCapture().Get(1, 0, "/")).Field("Content-Length"));
    }

    [Theory]
    [InlineData("http://proxy.example/x?y=1", "/x?y=1")]
    [InlineData("http://proxy.example", "/")]
    [InlineData("http://proxy.example?y", "/?y")]
    [InlineData("/x//y", "/x//y")]
    [InlineData("*", "*")]
    public void Targets_become_origin_form(string captured, string sent) =>
        Assert.Equal(sent, One(new FakeCapture().Add(1, 0, $"GET {captured} HTTP/1.1\r\nHost: x\r\n")).Target);

    [Fact]
    public void A_path_of_the_target_comes_before_the_captured_one()
    {
        var job = PlayedReplay.JobOf(Plain, new FakeCapture().Get(1, 0, "/x")) with { Target = new("http://127.0.0.1:5080/api/") };
        using var source = new ReplaySource(job, TimeProvider.System);
        var feed = source.Open(new(WorkShare.Whole, 0, 1, "run-1"));
        Assert.True(SpinWait.SpinUntil(() => feed.NextDue != TimeSpan.MaxValue, TimeSpan.FromSeconds(30)));
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        feed.Take().Write(bytes, "00-11111111111111111111111111111111-2222222222222222-01"u8);
        Assert.StartsWith("GET /api/x HTTP/1.1\r\n", System.Text.Encoding.ASCII.GetString(bytes.WrittenSpan));
    }

    [Theory]
    [InlineData("/v1/a?x=1", "/v2/a?x=1&tenant=t%2F1")]
    [InlineData("/v1/a?tenant=old&x=1&tenant=older", "/v2/a?tenant=t%2F1&x=1")]
    [InlineData("/v1/a?debug=1", "/v2/a?tenant=t%2F1")]
    [InlineData("/b?%64ebug=1&q=a%20b", "/b?q=a%20b&tenant=t%2F1")]
    public void Paths_and_parameters_are_rewritten(string captured, string sent)
    {
        var order = Plain with
        {
            Rewrites = [new ReplayRewrite.Path(new("^/v1/", System.Text.RegularExpressions.RegexOptions.NonBacktracking), "/v2/"), new ReplayRewrite.Parameter("tenant", "t/1"), new ReplayRewrite.Parameter("debug", null)],
        };
        Assert.Equal(sent, One(new FakeCapture().Get(1, 0, captured), order).Target);
    }

    [Fact]
    public void Header_fields_are_set_and_removed()
    {
        var order = Plain with
        {
            Rewrites = [new ReplayRewrite.Header("Host", "shop.test"), new ReplayRewrite.Header("X-Source", "3"), new ReplayRewrite.Header("user-agent", null), new ReplayRewrite.Header("Accept", "text/html")],
        };
        var request = One(new FakeCapture().Add(1, 0, "GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: fox\r\nAccept: */*\r\nAccept: a/b\r\n"), order);
        Assert.Equal(("shop.test", "3", null, "text/html"), (request.Field("Host"), request.Field("X-Source"), request.Field("User-Agent"), request.Field("Accept")));
    }

    [Fact]
    public void A_rewrite_can_not_break_out_of_the_request_line()
    {
        var order = Plain with { Rewrites = [new ReplayRewrite.Path(new("x"), " HTTP/1.1\r\nX: ")] };
        Assert.Equal("GET /%20HTTP/1.1%0D%0AX:%20 HTTP/1.1", One(new FakeCapture().Get(1, 0, "/x"), order).StartLine);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n", ExchangeMarks.None, "")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\n", ExchangeMarks.None, "method")]
    [InlineData("get / HTTP/1.1\r\nHost: x\r\n", ExchangeMarks.None, "method")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n", ExchangeMarks.RequestIncomplete, "incomplete")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n", ExchangeMarks.ResponseIncomplete | ExchangeMarks.ResponseCut | ExchangeMarks.JoinedLate, "")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n", ExchangeMarks.RequestCut, "cut")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n", ExchangeMarks.Smuggling | ExchangeMarks.RequestIncomplete, "smuggling")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n", ExchangeMarks.Upgrade, "upgrade")]
    [InlineData("GET /a b HTTP/1.1\r\nHost: x\r\n", ExchangeMarks.None, "undecodable")]
    [InlineData("GET / HTTP/1.1\r\nHost\r\n", ExchangeMarks.None, "undecodable")]
    [InlineData("GET / HTTP/1.1\r\nX: a\rb\r\n", ExchangeMarks.None, "undecodable")]
    [InlineData("GET / HTTP/1.1\r\nX y: a\r\n", ExchangeMarks.None, "undecodable")]
    [InlineData("GET / HTTP/1.1\r\nHost : a\r\n", ExchangeMarks.None, "undecodable")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n folded: b\r\n", ExchangeMarks.None, "undecodable")]
    [InlineData("", ExchangeMarks.None, "undecodable")]
    public void What_can_not_be_replayed_is_skipped_with_its_reason(string head, ExchangeMarks marks, string reason)
    {
        var played = PlayedReplay.Of(Plain with { Methods = ["GET"] }, 1, new FakeCapture().Add(1, 0, head, marks: marks));
        Assert.Equal(reason.Length == 0 ? [] : [reason], played.Account.Skipped.Keys);
        Assert.Equal(reason.Length == 0 ? 1 : 0, played.Account.Sent);
        Assert.Equal((1, played.Account.Sent), (played.Account.Captures[0].Requests, played.Account.Captures[0].Replayed));
    }

    [Theory]
    [InlineData("shop.*", null, null, "/a /b/c")]
    [InlineData("*.example:8080", null, null, "/b/c")]
    [InlineData("OTHER", null, null, "/d")]
    [InlineData(null, "/b/*", null, "/b/c")]
    [InlineData(null, null, "/b*", "/a /d")]
    [InlineData(null, "/*", "/[ad]", "/a /b/c /d")]
    public void Hosts_and_paths_choose_what_is_replayed(string? host, string? path, string? except, string sent)
    {
        var capture = new FakeCapture()
            .Add(1, 0, "GET /a?x HTTP/1.1\r\nHost: shop.example\r\n")
            .Add(1, 1, "GET /b/c HTTP/1.1\r\nHost: Shop.example:8080\r\n")
            .Add(1, 2, "GET http://other/d HTTP/1.1\r\nHost: ignored\r\n");
        var order = Plain with { Hosts = host is null ? [] : [host], Paths = path is null ? [] : [path], ExceptPaths = except is null ? [] : [except] };
        var played = PlayedReplay.Of(order, 1, capture);
        Assert.Equal(sent.Split(' '), played.Requests.Select(r => RequestPath(r.Target)));
        Assert.Equal(3 - played.Requests.Count, played.Account.Skipped.GetValueOrDefault("filtered"));
    }

    [Fact]
    public void A_share_takes_whole_connections_the_same_ones_every_time()
    {
        var capture = new FakeCapture();
        for (var i = 0; i < 2000; i++)
            capture.Get(i % 500, i, $"/{i % 500}/{i}");
        var first = PlayedReplay.Of(Plain with { Share = 0.2 }, 1, capture);
        var connections = first.Requests.GroupBy(r => r.Target.Split('/')[1]).ToList();
        Assert.InRange(connections.Count, 60, 140);
        Assert.All(connections, c => Assert.Equal(4, c.Count()));
        Assert.Equal(2000 - first.Requests.Count, first.Account.Skipped["share"]);
        Assert.Equal(first.Requests.Select(r => r.Target), PlayedReplay.Of(Plain with { Share = 0.2 }, 2, capture).Requests.OrderBy(r => r.Due).Select(r => r.Target));
    }

    private static string RequestPath(string target) => target.Split('?')[0];

    private static PlayedRequest One(FakeCapture capture, ReplayOrder? order = null) => Assert.Single(PlayedReplay.Of(order ?? Plain, 1, capture).Requests);
}
