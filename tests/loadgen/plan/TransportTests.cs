using System.Net.Quic;

namespace Pressure.LoadGen.Tests;

public sealed class TransportTests
{
    [Theory]
    [InlineData("http://127.0.0.1:3128", "http://127.0.0.1:3128/", null)]
    [InlineData("http://me:p%40ss@proxy.test:8080/", "http://proxy.test:8080/", "me:p@ss")]
    [InlineData("HTTP://[::1]", "http://[::1]/", null)]
    public void A_proxy_is_a_url_with_or_without_a_user(string written, string address, string? user)
    {
        var proxy = Plans.Read(Plans.With(more: $"http: {{ proxy: '{written}' }}")).Http.Proxy!;

        Assert.Equal((address, user), (proxy.Address.AbsoluteUri, proxy.User));
        Assert.DoesNotContain("p@ss", proxy.ToString());
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("http://me:secret@host:1/path")]
    [InlineData("http://me:secret@")]
    [InlineData("http://secret@host:1")]
    [InlineData("http://me:secret@host:0")]
    [InlineData("https://me:secret@host:1")]
    [InlineData("socks5://me:secret@host:1")]
    [InlineData("http://me:sec ret@host:1")]
    public void What_is_wrong_with_a_proxy_is_told_without_its_password(string written)
    {
        var problem = Plans.OnlyProblem(Plans.With(more: $"http: {{ proxy: '{written}' }}"));

        Assert.Equal("http.proxy", problem.Field);
        Assert.DoesNotContain("sec", problem.ToString());
    }

    [Fact]
    public void Raw_tcp_does_not_go_past_a_proxy_in_silence()
    {
        var problem = Plans.OnlyProblem(Plans.With(step: "tcp: '127.0.0.1:7'", more: "http: { proxy: 'http://127.0.0.1:3128' }"));

        Assert.Equal("http.proxy", problem.Field);
    }

    [Theory]
    [InlineData(false, "https://h/", "", "http.version: HTTP/3 can't be spoken on this machine: .NET found no QUIC (the library libmsquic")]
    [InlineData(true, "http://h/", "", "http.version: HTTP/3 needs https")]
    [InlineData(true, "https://h/", "http://127.0.0.1:1", "http.proxy: carries no HTTP/3")]
    public void Http3_is_refused_where_it_cannot_be(bool hasQuic, string url, string proxy, string message)
    {
        var plan = Plans.Read(Plans.With(step: $"get: '{url}'"));
        var problems = new ProblemList("plan.yaml");
        var http = new HttpOptions { Version = new(3, 0), Proxy = proxy.Length > 0 ? new(new(proxy), null) : null };

        TransportRules.Check(plan with { Http = http }, new PlanNode.Mapping(1, 1, []), hasQuic, problems);

        var problem = Assert.Single(problems.InOrder());
        Assert.StartsWith(message, $"{problem.Field}: {problem.Message}");
        Assert.NotEmpty(problem.Remedy);
    }

    [Fact]
    public void Http3_is_taken_exactly_where_the_runtime_has_it()
    {
        var result = PlanReader.Parse(Plans.With(step: "get: 'https://127.0.0.1:1/'", more: "http: { version: 3 }"), "plan.yaml");

        if (QuicConnection.IsSupported)
            Assert.Equal(new Version(3, 0), result.Plan!.Http.Version);
        else
            Assert.Contains("libmsquic", Assert.Single(result.Problems).ToString());
    }
}
