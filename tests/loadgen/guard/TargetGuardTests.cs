namespace Pressure.LoadGen.Tests;

public sealed class TargetGuardTests
{
    [Theory]
    [InlineData("http://localhost:5080")]
    [InlineData("http://LOCALHOST")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.255.255.254:81")]
    [InlineData("http://127.1")]
    [InlineData("http://0x7f.1")]
    [InlineData("http://2130706433")]
    [InlineData("http://0177.0.0.1")]
    [InlineData("http://[::1]:80")]
    [InlineData("http://[0:0:0:0:0:0:0:1]")]
    [InlineData("http://[::ffff:127.0.0.1]")]
    [InlineData("http://[::ffff:7f00:2]")]
    public void Loopback_may_always_be_pressed(string url) => Assert.Empty(Refusals(url));

    [Theory]
    [InlineData("http://0.0.0.0")]
    [InlineData("http://0")]
    [InlineData("http://[::]")]
    [InlineData("http://shop.localhost")]
    [InlineData("http://localhost.")]
    [InlineData("http://localhost.example")]
    [InlineData("http://127.0.0.1.example")]
    [InlineData("http://128.0.0.1")]
    [InlineData("http://10.0.0.7")]
    [InlineData("http://[::ffff:10.0.0.1]")]
    [InlineData("http://[::127.0.0.1]")]
    [InlineData("http://[fe80::1]")]
    [InlineData("http://１２７.0.0.2.example")]
    public void Any_other_host_is_refused_with_what_to_do(string url) =>
        Assert.Contains("--allow", Assert.Single(Refusals(url)));

    [Theory]
    [InlineData("http://shop.test:8080/x", "shop.test", true)]
    [InlineData("http://SHOP.test:8080/x", "shop.TEST", true)]
    [InlineData("http://shop.test:8080/x", "shop.test:8080", true)]
    [InlineData("http://shop.test:8081/x", "shop.test:8080", false)]
    [InlineData("http://shop.test/x", "shop.test:80", true)]
    [InlineData("https://shop.test/x", "shop.test:443", true)]
    [InlineData("https://shop.test/x", "shop.test:80", false)]
    [InlineData("http://a.shop.test", "shop.test", false)]
    [InlineData("http://shop.test.evil.test", "shop.test", false)]
    [InlineData("http://[fd00::1]:80/", "[fd00::1]:80", true)]
    [InlineData("http://[fd00::1]:81/", "[fd00::1]:80", false)]
    [InlineData("http://[fd00::1]:81/", "[fd00::1]", true)]
    [InlineData("http://[fd00::1]:81/", "fd00::1", true)]
    [InlineData("http://商店.test/", "xn--czrs0t.test", true)]
    public void The_allow_list_names_hosts_exactly(string url, string entry, bool allowed) =>
        Assert.Equal(allowed, Refusals(url, entry).Count == 0);

    [Fact]
    public void Every_step_is_looked_at_and_each_host_is_named_once()
    {
        var plan = Plans.Read(Plans.With(step: "get: http://10.0.0.7/a }, { get: http://10.0.0.7/b }, { get: http://10.0.0.8/c"));

        Assert.Equal(["10.0.0.7", "10.0.0.8"], new TargetGuard([]).Refusals(plan).Select(r => r.Split(' ')[1]));
    }

    [Fact]
    public void A_target_that_no_step_uses_is_looked_at_too()
    {
        var plan = Plans.Read(Plans.With(step: "get: http://127.0.0.1/")) with { Target = new("http://10.0.0.9") };

        Assert.Single(new TargetGuard([]).Refusals(plan));
    }

    [Theory]
    [InlineData("ws: ws://10.0.0.7/chat")]
    [InlineData("ws: wss://10.0.0.7/chat")]
    [InlineData("tcp: '10.0.0.7:6379'")]
    public void Sockets_go_nowhere_that_requests_may_not_go(string step)
    {
        var plan = Plans.Read(Plans.With(step: step));

        Assert.StartsWith("Host 10.0.0.7 ", Assert.Single(new TargetGuard([]).Refusals(plan)));
        Assert.Empty(new TargetGuard(["10.0.0.7"]).Refusals(plan));
        Assert.Empty(new TargetGuard([]).Refusals(Plans.Read(Plans.With(step: "tcp: '127.1:6379'"))));
    }

    [Fact]
    public void A_proxy_must_be_allowed_as_well_and_allows_no_target()
    {
        var plan = Plans.Read(Plans.With(step: "get: http://10.0.0.7/", more: "http: { proxy: 'http://me:secret@10.0.0.8:3128' }"));

        Assert.Equal(["10.0.0.7", "10.0.0.8"], new TargetGuard([]).RefusedHosts(plan));
        Assert.Equal(["10.0.0.8"], new TargetGuard(["10.0.0.7"]).RefusedHosts(plan));
        Assert.Equal(["10.0.0.7"], new TargetGuard(["10.0.0.8:3128"]).RefusedHosts(plan));
        Assert.DoesNotContain(new TargetGuard([]).Refusals(plan), r => r.Contains("secret", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Refusals(string url, params string[] allow) =>
        new TargetGuard(allow).Refusals(Plans.Read(Plans.With(step: $"get: '{url}'")));
}
