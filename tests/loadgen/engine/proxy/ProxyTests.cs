using Pressure.LoadGen.Engine;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine;

public sealed class ProxyTests
{
    [Fact]
    public async Task Http_goes_through_the_proxy_in_absolute_form()
    {
        await using var server = RawServer.Answering();
        await using var proxy = new SmallProxy();

        var run = await Of(proxy, EngineRun.Get(new(server.Url, "a?b=c")));

        Assert.Equal(20, run.Only.Ok);
        Assert.All(proxy.Lines, l => Assert.Equal($"GET {server.Url}a?b=c HTTP/1.1", l));
        Assert.Equal((20, 20), (proxy.Lines.Count, server.Requests));
    }

    [Fact]
    public async Task Https_goes_through_the_proxy_by_connect_and_keeps_its_tunnels()
    {
        await using var server = RawServer.Answering(tls: true);
        await using var proxy = new SmallProxy { User = "me:secret" };

        var run = await Of(proxy.Port, EngineRun.Get(server.Url), "me:secret", maxConnections: 5);

        Assert.Equal(20, run.Only.Ok);
        Assert.All(proxy.Lines, l => Assert.Equal($"CONNECT 127.0.0.1:{server.Port} HTTP/1.1", l));
        Assert.InRange(proxy.Lines.Count, 1, 5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Websockets_go_through_the_proxy_by_connect(bool tls)
    {
        await using var server = await WebSocketServer.StartAsync(tls);
        await using var proxy = new SmallProxy { User = "me:secret" };

        var run = await SocketRun.Of(server.Url, " rate: 8/s, duration: 1s ", "{ ws: /echo }, { send: hello }, { expect: { contains: hello } }", $", proxy: 'http://me:secret@127.0.0.1:{proxy.Port}'");

        Assert.Equal([4, 4], run.Total.Requests.Select(r => r.Ok));
        Assert.All(proxy.Lines, l => Assert.Equal($"CONNECT 127.0.0.1:{server.Url.Port} HTTP/1.1", l));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_password_goes_to_the_proxy_with_the_first_request_and_never_to_the_target(bool tls)
    {
        var heads = new List<string>();
        await using var server = new RawServer(async c =>
        {
            while (await c.ReadRequestAsync() is { } head)
            {
                lock (heads)
                    heads.Add(head);
                await c.WriteAsync(RawServer.Ok);
            }
        }, tls: tls);
        await using var proxy = new SmallProxy { User = "me:secret" };

        var run = await Of(proxy, EngineRun.Get(server.Url), "me:secret");

        Assert.Equal((20, 20), (run.Only.Ok, heads.Count));
        Assert.InRange(proxy.Lines.Count, 1, 20);
        Assert.DoesNotContain(heads, h => h.Contains("Proxy-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_proxy_that_asks_for_another_password_is_told_by_name(bool tls)
    {
        await using var server = RawServer.Answering(tls: tls);
        await using var proxy = new SmallProxy { User = "me:secret" };

        Assert.Equal([(RequestError.ProxyAuthRequired, 20L)], (await Of(proxy, EngineRun.Get(server.Url))).Only.Errors());
        Assert.Equal([(RequestError.ProxyAuthRequired, 20L)], (await Of(proxy, EngineRun.Get(server.Url), "me:wrong")).Only.Errors());
        Assert.Equal(0, server.Requests);
    }

    [Theory]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n")]
    [InlineData("HTTP/1.1")]
    public async Task A_proxy_that_opens_no_tunnel_is_told_by_name(string refusal)
    {
        await using var server = RawServer.Answering(tls: true);
        await using var proxy = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(refusal);
        });

        var run = await Of(proxy.Port, EngineRun.Get(server.Url));

        Assert.Equal([(RequestError.ProxyRefused, 20L)], run.Only.Errors());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_proxy_that_is_not_there_is_told_by_name(bool tls)
    {
        await using var server = RawServer.Answering(tls: tls);
        using var gone = new HeldPort();

        var run = await Of(gone.Number, EngineRun.Get(server.Url));

        Assert.Equal([(RequestError.ProxyUnreachable, 20L)], run.Only.Errors());
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A_tunnel_that_is_neither_opened_nor_refused_is_connect_timeout()
    {
        await using var proxy = new RawServer(c => c.DelayAsync(30));
        var plan = EngineRun.Plan(5, 1, EngineRun.Get(new("https://127.0.0.1:1/")));

        var run = await EngineRun.Of(plan with { Http = new HttpOptions { ConnectTimeout = TimeSpan.FromSeconds(0.5), Proxy = new(new(proxy.Url.AbsoluteUri), null) } });

        Assert.Equal([(RequestError.ConnectTimeout, 5L)], run.Only.Errors());
    }

    [Fact]
    public async Task A_target_that_fails_behind_the_proxy_keeps_its_own_name()
    {
        await using var server = new RawServer(c => c.WriteAsync("no TLS here"), tls: false);
        await using var proxy = new SmallProxy();

        var run = await Of(proxy, EngineRun.Get(new($"https://127.0.0.1:{server.Port}/")));

        Assert.Equal([(RequestError.TlsFailed, 20L)], run.Only.Errors());
    }

    [Fact]
    public void Without_a_proxy_in_the_plan_none_is_used_whatever_the_environment_says()
    {
        using var handler = HandlerFactory.Create(new HttpOptions(), new([]), _ => { });

        Assert.False(handler.UseProxy);
    }

    private static Task<EngineRun> Of(SmallProxy proxy, Step.Request request, string? user = null) => Of(proxy.Port, request, user);

    private static Task<EngineRun> Of(int port, Step.Request request, string? user = null, int? maxConnections = null)
    {
        var http = new HttpOptions { Insecure = true, Proxy = new(new($"http://127.0.0.1:{port}"), user) };
        return EngineRun.Of(EngineRun.Plan(20, 1, request) with { Http = http with { MaxConnections = maxConnections ?? http.MaxConnections } });
    }
}
