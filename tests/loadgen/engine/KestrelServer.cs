using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>Kestrel over TLS on loopback, which counts requests, connections and protocols for itself.</summary>
internal sealed class KestrelServer : IAsyncDisposable
{
    private readonly X509Certificate2 _certificate = TestCertificate.SelfSigned();
    private readonly WebApplication _app;
    private int _requests;
    private int _http2;
    private int _connections;

    private KestrelServer(HttpProtocols protocols, int port, RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = protocols;
            listen.Use(next => async connection =>
            {
                Interlocked.Increment(ref _connections);
                await next(connection);
            });
            listen.UseHttps(_certificate);
        }));
        _app = builder.Build();
        _app.Run(async context =>
        {
            Interlocked.Increment(ref _requests);
            if (HttpProtocol.IsHttp2(context.Request.Protocol))
                Interlocked.Increment(ref _http2);
            await answer(context);
        });
    }

    public Uri Url => new($"https://localhost:{Port}/");

    public int Port { get; private set; }

    /// <summary>Requests that reached the application.</summary>
    public int Requests => _requests;

    /// <summary>Those of them that came over HTTP/2.</summary>
    public int Http2Requests => _http2;

    /// <summary>Connections accepted.</summary>
    public int Connections => _connections;

    public static async Task<KestrelServer> StartAsync(RequestDelegate? answer = null, HttpProtocols protocols = HttpProtocols.Http1AndHttp2, int port = 0)
    {
        var server = new KestrelServer(protocols, port, answer ?? (context => context.Response.WriteAsync("ok")));
        await server._app.StartAsync();
        var addresses = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        server.Port = new Uri(addresses.Addresses.Single()).Port;
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _certificate.Dispose();
    }
}
