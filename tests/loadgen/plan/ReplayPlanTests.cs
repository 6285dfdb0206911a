namespace Pressure.LoadGen.Tests;

public sealed class ReplayPlanTests
{
    [Fact]
    public void A_replay_is_read_with_all_its_keys()
    {
        var plan = Read("""
            replay:
              captures: [ one.capture, sub/two.pcap ]
              align: time
              speed: 2.5x
              multiply: 5
              jitter: 250ms
              loop: 3
              methods: [ post, GET ]
              hosts: shop.*
              paths: [ /api/*, "*.html" ]
              except: /api/admin*
              share: 10%
              set: { X-Source: shop, Host: test.example }
              remove: [ X-Debug ]
              rewritePath: { ^/v1/: /v2/, "id=(\\d+)": "id=9$1" }
              setParameter: { tenant: test }
              removeParameter: debug
              carry:
                - { json: $.token, into: "Authorization: Bearer {}" }
                - { header: X-Csrf }
                - { regex: 'name="csrf" value="([^"]+)"' }
              cookies: false
              compare: { ignore: [ "header:Date", $.time ], primary: "http://127.0.0.1:1", secondary: "http://127.0.0.1:2" }
              tcp: true
            duration: 2m
            warmUp: 1s
            """);
        var order = Order(plan);
        Assert.Equal(["/plans/one.capture", "/plans/sub/two.pcap"], order.Captures);
        Assert.Equal((true, 2.5, null, 5, 3), (order.AlignsByClock, order.Speed, order.Rate, order.Multiply, order.Loops));
        Assert.Equal((TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(2)), (order.Jitter, order.Duration));
        Assert.Equal(["GET", "HEAD", "OPTIONS", "POST"], order.Methods);
        Assert.Equal(["shop.*"], order.Hosts);
        Assert.Equal(["/api/*", "*.html"], order.Paths);
        Assert.Equal(["/api/admin*"], order.ExceptPaths);
        Assert.Equal(0.1, order.Share);
        Assert.Equal(
            ["X-Source=shop", "Host=test.example", "X-Debug=", "^/v1/ -> /v2/", "id=(\\d+) -> id=9$1", "?tenant=test", "?debug="],
            order.Rewrites.Select(Text));
        Assert.Equal([("$.token", null, null, "Authorization: Bearer {}"), (null, "X-Csrf", null, null), (null, null, "name=\"csrf\" value=\"([^\"]+)\"", null)],
            order.Carries.Select(c => (c.Json?.ToString(), c.Header, c.Pattern?.ToString(), c.Into)));
        Assert.False(order.CarriesCookies);
        Assert.True(order.Tcp);
        Assert.Equal(["header:Date", "$.time"], order.Compare!.Ignore);
        Assert.Equal((new Uri("http://127.0.0.1:1"), new Uri("http://127.0.0.1:2")), (order.Compare.Primary!, order.Compare.Secondary!));
        Assert.Equal(TimeSpan.FromMinutes(2), plan.Duration);
        Assert.Empty(plan.Scenarios);
    }

    [Fact]
    public void What_a_replay_leaves_out_has_defaults()
    {
        var plan = Read("replay: { capture: shop.capture }");
        var order = Order(plan);
        Assert.Equal((1, null, 1, TimeSpan.FromSeconds(1), 1, 1, 64), (order.Speed, order.Rate, order.Multiply, order.Jitter, order.Loops, order.Share, order.Connections));
        Assert.Equal(["GET", "HEAD", "OPTIONS"], order.Methods);
        Assert.True(order.CarriesCookies);
        Assert.False(order.Tcp);
        Assert.Null(order.Compare);
        // For as long as the captures, which nobody has opened yet.
        Assert.Null(order.Duration);
    }

    [Theory]
    [InlineData("max", double.PositiveInfinity)]
    [InlineData("1x", 1)]
    [InlineData("0.25x", 0.25)]
    [InlineData("3", 3)]
    public void Speeds(string text, double speed) => Assert.Equal(speed, Order(Read($"replay: {{ capture: a, speed: {text} }}")).Speed);

    [Theory]
    [InlineData("speed: 2y", "speed", "no speed")]
    [InlineData("speed: 0x", "speed", "not from 0.001x to 1000x")]
    [InlineData("speed: 2x, rate: 5/s", "rate", "beside a speed")]
    [InlineData("multiply: 0", "multiply", "not a whole number from 1 to 1000")]
    [InlineData("jitter: 1s", "jitter", "there are none")]
    [InlineData("jitter: 1s, multiply: 2, speed: max", "jitter", "as fast as possible")]
    [InlineData("jitter: 1s, multiply: 2, rate: 1/s", "jitter", "a rate says")]
    [InlineData("loop: 0", "loop", "neither a number of times nor forever")]
    [InlineData("loop: ever", "loop", "neither a number of times nor forever")]
    [InlineData("connections: 5", "connections", "for a replay as fast as possible")]
    [InlineData("align: time", "align", "there is one")]
    [InlineData("methods: [ 'A B' ]", "methods[0]", "not a token")]
    [InlineData("methods: []", "methods", "is empty")]
    [InlineData("paths: api", "paths", "neither '/' nor '*'")]
    [InlineData("share: 10", "share", "no percent sign")]
    [InlineData("share: 0%", "share", "not above 0%")]
    [InlineData("set: { Content-Length: 5 }", "set.Content-Length", "can't be set")]
    [InlineData("remove: traceparent", "remove", "can't be set")]
    [InlineData("rewritePath: { '(': x }", "rewritePath.(", "not a regular expression")]
    [InlineData("carry: {}", "carry", "exactly one source")]
    [InlineData("carry: [ { json: $.a, header: B } ]", "carry[0]", "exactly one source")]
    [InlineData("carry: { json: a }", "carry.json", "not a path")]
    [InlineData("carry: { header: A, into: 'X: y' }", "carry.into", "exactly one {}")]
    [InlineData("carry: { header: A, into: '{}' }", "carry.into", "no header field")]
    [InlineData("carry: { header: A, into: 'Host-: {} {}' }", "carry.into", "exactly one {}")]
    [InlineData("compare: { secondary: 'http://127.0.0.1:1' }", "compare.primary", "is missing")]
    [InlineData("compare: { primary: nowhere }", "compare.primary", "not an http or https URL")]
    [InlineData("compare: maybe", "compare", "neither true nor false")]
    [InlineData("spead: 2x", "spead", "unknown key")]
    public void What_is_wrong_with_a_replay_is_told_at_its_place(string key, string field, string message)
    {
        var problem = Assert.Single(Parse($"replay: {{ capture: a, {key} }}").Problems);
        Assert.Equal($"load.replay.{field}", problem.Field);
        Assert.Contains(message, problem.Message);
        Assert.NotEmpty(problem.Remedy);
    }

    [Theory]
    [InlineData("replay: {}", "", "load.replay.capture", "is missing")]
    [InlineData("replay: { capture: a, captures: [ b ] }", "", "load.replay.captures", "beside capture")]
    [InlineData("replay: { captures: [] }", "", "load.replay.captures", "is empty")]
    [InlineData("replay: { capture: '' }", "", "load.replay.capture", "no name of a file")]
    [InlineData("replay: { capture: a, loop: forever }", "", "load.duration", "forever")]
    [InlineData("replay: { live: { agents: [ web1 ] }, speed: 2x }", "", "load.replay.speed", "the timing that it has")]
    [InlineData("replay: { live: { agents: [ web1 ] }, capture: a }", "", "load.replay.capture", "beside live")]
    [InlineData("replay: { live: { ports: [ 80 ] } }", "", "load.replay.live", "neither agents nor an interface")]
    [InlineData("replay: { live: { interface: eth0, ports: [ 80, web ] } }", "", "load.replay.live.ports[1]", "number")]
    [InlineData("replay: { live: { interface: eth0, servers: [ shop ] } }", "", "load.replay.live.servers[0]", "no address")]
    [InlineData("replay: { live: { interface: eth0, delay: 1h } }", "", "load.replay.live.delay", "1h")]
    [InlineData("replay: { live: { agents: [ web1, WEB1 ] } }", "", "load.replay.live.agents", "twice")]
    [InlineData("replay: { live: { agents: [ web1 ] } }", "workers: 2", "workers", "what passes meanwhile")]
    [InlineData("replay: { capture: a }", "thresholds: [ { answers_differing: rate < 1% } ]", "thresholds", "not compared")]
    [InlineData("replay: { capture: a }, rate: 5/s", "", "load.replay", "given at once")]
    [InlineData("replay: { capture: a }, arrivals: poisson", "", "load.arrivals", "a replay")]
    [InlineData("replay: { capture: a }, duration: 5s, warmUp: 5s", "", "load.warmUp", "not shorter")]
    [InlineData("replay: { capture: a }", "scenarios: [ { steps: [ { get: / } ] } ]", "scenarios", "captured ones")]
    [InlineData("replay: { capture: a }", "http: { version: 2 }", "http.version", "not what a replay is sent over")]
    [InlineData("replay: { capture: a }", "http: { proxy: 'http://127.0.0.1:3128' }", "http.proxy", "carries no replay")]
    [InlineData("replay: { capture: a }", "http: { cookies: iteration }", "http.cookies", "by itself")]
    [InlineData("replay: { capture: a }", "http: { redirects: 3 }", "http.redirects", "what was captured")]
    public void What_does_not_go_together_is_told(string load, string more, string field, string message)
    {
        var problem = Assert.Single(Parse(load, more).Problems);
        Assert.Equal(field, problem.Field);
        Assert.Contains(message, problem.Message);
    }

    [Fact]
    public void What_passes_meanwhile_is_replayed_two_seconds_later_unless_somebody_says_otherwise()
    {
        var live = ((Load.Replay)Parse("replay: { live: { agents: [ web1, web2 ], ports: [ 80 ], servers: [ 10.0.0.0/8 ] } }").Plan!.Load).Order.Live!;
        Assert.Equal(["web1", "web2"], live.Agents);
        Assert.Equal(("any", TimeSpan.FromSeconds(2)), (live.Interface, live.Delay));
        Assert.Equal([80], live.Ports);
        Assert.Equal(["10.0.0.0/8"], live.Servers);
    }

    [Fact]
    public void All_problems_of_a_replay_are_told_at_once() =>
        Assert.Equal(
            ["load.replay.speed", "load.replay.multiply", "load.replay.carry[0]", "load.replay.set.TE"],
            Parse("replay: { capture: a, speed: fast, multiply: x, carry: [ {} ], set: { TE: x } }").Problems.Select(p => p.Field));

    [Fact]
    public void A_share_of_the_load_is_no_moment_while_nobody_knows_its_length()
    {
        var problem = Assert.Single(Parse("replay: { capture: a }", "chaos: [ { experiment: x.yaml, at: 50% } ]").Problems, p => p.Field == "chaos[0].at");
        Assert.Contains("before its captures are opened", problem.Message);
    }

    [Fact]
    public void A_replay_may_go_to_a_server_that_speaks_something_else()
    {
        var plan = PlanReader.ParseIn("/plans", "{ name: t, target: 'tcp://127.0.0.1:6379', load: { replay: { capture: a, tcp: true } } }", "plan.yaml");
        Assert.Empty(plan.Problems);
        Assert.Equal(("tcp", "127.0.0.1", 6379), (plan.Plan!.Target.Scheme, plan.Plan.Target.Host, plan.Plan.Target.Port));
    }

    [Theory]
    [InlineData("shop.capture", null)]
    [InlineData("../shop.capture", "is a path")]
    [InlineData("/etc/passwd", "is a path")]
    [InlineData("a/b", "is a path")]
    [InlineData("..", "is a path")]
    [InlineData(".", "is a path")]
    public void A_plan_that_is_a_text_names_captures_of_the_services_folder_alone(string name, string? why)
    {
        var text = $"{{ name: t, target: 'http://127.0.0.1', load: {{ replay: {{ capture: '{name}' }} }} }}";
        var read = PlanReader.Parse(text, "plan", captures: "/var/captures");
        if (why is null)
            Assert.Equal(["/var/captures/shop.capture"], Order(read.Plan!).Captures);
        else
            Assert.Contains(why, Assert.Single(read.Problems).Message);
        Assert.Contains("can't be read here", Assert.Single(PlanReader.Parse(text, "plan").Problems).Message);
    }

    [Fact]
    public void A_replays_plan_needs_no_request_to_be_checked_for_thresholds() =>
        Assert.Single(Read("replay: { capture: a }", "thresholds: [ { 'http_req_duration{name:GET /a}': p(95) < 1s } ]").Thresholds);

    private static PlanResult Parse(string load, string more = "") => PlanReader.ParseIn("/plans", Text(load, more), "plan.yaml");

    private static LoadPlan Read(string load, string more = "")
    {
        var result = Parse(load, more);
        Assert.Empty(result.Problems.Select(p => p.ToString()));
        return result.Plan!;
    }

    internal static string Text(string load, string more = "") => load.Contains('\n', StringComparison.Ordinal)
        ? $"name: test\ntarget: http://127.0.0.1:5080\nload:\n{string.Concat(load.Split('\n').Select(l => $"  {l}\n"))}{more}\n"
        : $"name: test\ntarget: http://127.0.0.1:5080\nload: {{ {load} }}\n{more}\n";

    private static ReplayOrder Order(LoadPlan plan) => Assert.IsType<Load.Replay>(plan.Load).Order;

    private static string Text(ReplayRewrite rewrite) => rewrite switch
    {
        ReplayRewrite.Header header => $"{header.Name}={header.Value}",
        ReplayRewrite.Path path => $"{path.Pattern} -> {path.Replacement}",
        ReplayRewrite.Parameter parameter => $"?{parameter.Name}={parameter.Value}",
        _ => throw new NotSupportedException(),
    };
}
