using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster.Tests;

public sealed class ReplayPreparationTests
{
    private readonly Dictionary<string, FakeCapture> _captures = new()
    {
        ["/plans/shop.capture"] = new FakeCapture("shop.capture").Get(1, 0, "/item/1").Get(1, 500, "/item/2").Get(2, 1500, "/cart").Add(2, 1600, "POST /cart HTTP/1.1\r\nHost: x\r\n", "a=1"),
        ["/plans/post.capture"] = new FakeCapture("post.capture").Add(1, 0, "POST /a HTTP/1.1\r\nHost: x\r\n"),
        ["/plans/empty.capture"] = new FakeCapture("empty.capture"),
    };

    [Fact]
    public void The_endpoints_of_captures_become_the_plans_requests()
    {
        using var prepared = Prepare("capture: shop.capture, multiply: 2, loop: 3");
        Assert.Equal(["GET /item/{id}", "GET /cart"], prepared.Plan.Requests.Select(r => r.Name));
        Assert.Equal([("GET", "127.0.0.1:5080"), ("GET", "127.0.0.1:5080")], prepared.Plan.Requests.Select(r => (r.Method, r.Service)));
        Assert.Equal([2, 1], prepared.ByEndpoint);
        Assert.Equal([new KeyValuePair<string, long>("method", 1)], prepared.Skipped);
        var load = Workload.Of(prepared.Plan).Load;
        Assert.Equal(("replay", 18L), (load.Kind, load.Total));
        Assert.Equal(18, load.Segments.Sum(s => s.FromRate * (s.To - s.From).TotalSeconds), 3);
        // Three times 1.6 s and the usual distance, but for the last one, and the copies' jitter: rounded up.
        Assert.Equal(TimeSpan.FromSeconds(7), prepared.Plan.Duration);
    }

    [Theory]
    [InlineData("capture: shop.capture", "", 2)]
    [InlineData("capture: shop.capture, speed: 0.1x", "", 17)]
    [InlineData("capture: shop.capture, rate: 1/s", "", 4)]
    [InlineData("capture: shop.capture, speed: max", "", 86_400)]
    [InlineData("capture: shop.capture, loop: forever", "duration: 5s", 5)]
    public void The_length_follows_from_captures_unless_it_is_given(string replay, string load, double seconds)
    {
        using var prepared = Prepare(replay, load);
        Assert.Equal(seconds, prepared.Plan.Duration.TotalSeconds);
    }

    [Fact]
    public void Rare_endpoints_are_one()
    {
        var capture = _captures["/plans/shop.capture"];
        for (var i = 0; i < 150; i++)
            capture.Get(3, 1500, $"/page-{(char)('a' + i / 26)}{(char)('a' + i % 26)}");
        using var prepared = Prepare("capture: shop.capture");
        Assert.Equal(101, prepared.Plan.Requests.Count);
        Assert.Equal("(other)", prepared.Plan.Requests[^1].Name);
        Assert.Equal(52, prepared.ByEndpoint[^1]);
        Assert.Equal(153, prepared.Replayed);
    }

    [Fact]
    public void All_problems_of_captures_are_told_at_once_at_their_places()
    {
        var problems = Problems("""
            name: t
            target: http://127.0.0.1:5080
            load:
              replay:
                captures:
                  - none.capture
                  - shop.capture
                  - empty.capture
                compare: { ignore: [ "header:Date", "what?" ] }
            """);
        Assert.Equal(
            ["plan.yaml:1:1: load.replay.compare.ignore[1]", "plan.yaml:6:9: load.replay.captures[0]: there is no file '/plans/none.capture'", "plan.yaml:8:9: load.replay.captures[2]: '/plans/empty.capture' holds no request"],
            problems.Select(p => p.ToString()).Select(p => p.Contains("ignore", StringComparison.Ordinal) ? p[..p.IndexOf(": ", p.IndexOf("ignore", StringComparison.Ordinal), StringComparison.Ordinal)] : p[..p.IndexOf(". ", StringComparison.Ordinal)]));
    }

    [Theory]
    [InlineData("capture: post.capture", "", "", "load.replay", "nothing of the captures would be sent: skipped are 1 (method)")]
    [InlineData("capture: shop.capture, paths: /none", "", "", "load.replay", "2 (filtered)|3 (filtered)")]
    [InlineData("capture: shop.capture", "warmUp: 2s", "", "load.warmUp", "not shorter")]
    [InlineData("capture: shop.capture, speed: 0.001x, loop: 1000000", "", "", "load.replay", "longer than 30")]
    [InlineData("capture: shop.capture", "", "thresholds: [ { 'http_req_duration{name:GET /nothing}': p(95) < 1s } ]", "thresholds[0]", "looks at nothing")]
    [InlineData("capture: shop.capture", "", "abort: [ { when: { 'http_req_duration{name:GET /nothing}': p(95) < 1s }, over: 1s } ]", "abort[0].when", "looks at nothing")]
    public void What_shows_only_with_the_captures_is_told_before_anything_is_sent(string replay, string load, string more, string field, string message)
    {
        var problem = Assert.Single(Problems(Plan(replay, load, more)));
        Assert.Equal(field, problem.Field);
        Assert.Contains(message.Split('|'), m => problem.Message.Contains(m, StringComparison.Ordinal));
        Assert.NotEmpty(problem.Remedy);
    }

    [Fact]
    public void Requests_can_be_looked_at_before_they_are_sent()
    {
        using var prepared = Prepare("capture: shop.capture, set: { X-Source: test }");
        var shown = prepared.Show(2);
        Assert.Equal(2, shown.Count);
        Assert.StartsWith("GET /cart HTTP/1.1\n", shown[1]);
        Assert.StartsWith("GET /item/1 HTTP/1.1\nHost: 127.0.0.1:5080\nUser-Agent: fox\nX-Source: test\n", shown[0]);
    }

    [Fact]
    public void Servers_to_compare_with_must_be_allowed_like_the_target()
    {
        var plan = Read(Plan("capture: shop.capture, compare: { primary: 'http://live.example' }", "", ""));
        Assert.Equal(["live.example"], new TargetGuard([]).RefusedHosts(plan));
        Assert.Empty(new TargetGuard(["live.example"]).RefusedHosts(plan));
    }

    private static string Plan(string replay, string load, string more) =>
        $"name: t\ntarget: http://127.0.0.1:5080\nload: {{ replay: {{ {replay} }}{(load.Length > 0 ? $", {load}" : "")} }}\n{more}\n";

    private static LoadPlan Read(string text)
    {
        var read = PlanReader.ParseIn("/plans", text, "plan.yaml");
        Assert.Empty(read.Problems.Select(p => p.ToString()));
        return read.Plan!;
    }

    private PreparedReplay Prepare(string replay, string load = "")
    {
        var prepared = ReplayPreparation.Open(Read(Plan(replay, load, "")), "plan.yaml", Open, out var problems);
        Assert.Empty(problems.Select(p => p.ToString()));
        return prepared!;
    }

    private IReadOnlyList<PlanProblem> Problems(string text)
    {
        Assert.Null(ReplayPreparation.Open(Read(text), "plan.yaml", Open, out var problems));
        return problems;
    }

    private ICaptureReader Open(string path) => _captures.TryGetValue(path, out var capture) ? capture : throw new FileNotFoundException();
}
