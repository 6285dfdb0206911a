using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Pressure.Gateway;

/// <summary>A route of HTTP requests: the reverse proxy carries them, WebSockets and streams included, unless a rule strikes them.</summary>
internal sealed class HttpRoute : IRoute
{
    private static readonly TimeSpan Idle = TimeSpan.FromDays(1), ToConnect = TimeSpan.FromSeconds(15);

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _client;

    private HttpRoute(WebApplication app, HttpMessageInvoker client, int port) => (_app, _client, Port) = (app, client, port);

    /// <inheritdoc/>
    public int Port { get; }

    /// <summary>Listens.</summary>
    /// <exception cref="IOException">It can't.</exception>
    public static async Task<HttpRoute> StartAsync(GatewayOptions options, RuleBook book)
    {
        var port = options.Listen.Port;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // It is the service's business what it takes, and how slowly.
            kestrel.AddServerHeader = false;
            (kestrel.Limits.MaxRequestBodySize, kestrel.Limits.MinRequestBodyDataRate, kestrel.Limits.MinResponseDataRate) = (null, null, null);
            kestrel.Listen(options.Listen, listen => { listen.Protocols = HttpProtocols.Http1; port = listen.IPEndPoint!.Port; });
        });
        var app = builder.Build();
        var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = ToConnect,
        });
        var struck = new StruckRequests(book, options.Time);
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        var config = new ForwarderRequestConfig { ActivityTimeout = Idle, AllowResponseBuffering = false };
        app.Run(async context =>
        {
            if (await struck.PassAsync(context) is { } transformer)
                await forwarder.SendAsync(context, options.Target, client, config, transformer);
        });
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            client.Dispose();
            throw;
        }
        return new(app, client, port == 0 ? new Uri(app.Urls.First()).Port : port);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Requests under way, a stream above all, would hold it up for as long as they last.
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _client.Dispose();
    }
}
