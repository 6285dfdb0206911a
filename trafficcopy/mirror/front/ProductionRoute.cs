using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Pressure.Mirror;

/// <summary>The way to production: the reverse proxy carries each request, and the client is answered by production alone.</summary>
internal sealed class ProductionRoute : IAsyncDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromDays(1);
    private static readonly TimeSpan ToFinish = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _client;

    private ProductionRoute(WebApplication app, HttpMessageInvoker client, IPEndPoint listening) => (_app, _client, Listening) = (app, client, listening);

    /// <summary>Where it listens.</summary>
    public IPEndPoint Listening { get; }

    /// <summary>Listens.</summary>
    /// <exception cref="IOException">It can't.</exception>
    public static async Task<ProductionRoute> StartAsync(MirrorPlan plan, MirrorGate gate, ExchangeRecorder? recorder, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        var connections = new Connections(recorder, time);
        IPEndPoint? listening = null;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            LetEverythingPass(kestrel);
            kestrel.Listen(plan.Listen, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(connections.Number);
                if (plan.Tls is { } tls)
                    listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = tls.Certificate, ServerCertificateChain = tls.Chain });
            });
        });
        var app = builder.Build();
        var client = new HttpMessageInvoker(Clients.ForProduction());
        app.Run(new Passage(plan, gate, app.Services.GetRequiredService<IHttpForwarder>(), client, time).PassAsync);
        try
        {
            await app.StartAsync();
            listening = new IPEndPoint(plan.Listen.Address, new Uri(app.Urls.First()).Port);
        }
        catch
        {
            await app.DisposeAsync();
            client.Dispose();
            throw;
        }
        return new(app, client, listening);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // What is under way may end; a stream would hold it up for as long as it lasts.
        using var now = new CancellationTokenSource(ToFinish);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _client.Dispose();
    }

    /// <summary>It is production's business what it takes, how much and how slowly. Heads have bounds, since they are held in memory.</summary>
    private static void LetEverythingPass(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        (kestrel.Limits.MaxRequestBodySize, kestrel.Limits.MinRequestBodyDataRate, kestrel.Limits.MinResponseDataRate) = (null, null, null);
        (kestrel.Limits.MaxRequestHeaderCount, kestrel.Limits.MaxRequestHeadersTotalSize, kestrel.Limits.MaxRequestLineSize) = (500, 128 << 10, 64 << 10);
        (kestrel.RequestHeaderEncodingSelector, kestrel.ResponseHeaderEncodingSelector) = (_ => Encoding.Latin1, _ => Encoding.Latin1);
    }

    /// <summary>Numbers clients' connections.</summary>
    private sealed class Connections(ExchangeRecorder? recorder, TimeProvider time)
    {
        private long _last;

        public ConnectionDelegate Number(ConnectionDelegate next) => async context =>
        {
            var connection = new ClientConnection(Interlocked.Increment(ref _last), context.RemoteEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0));
            context.Features.Set(connection);
            try
            {
                await next(context);
            }
            finally
            {
                recorder?.EndConnection(connection.Id, time.GetTimestamp());
            }
        };
    }

    /// <summary>One request after the other.</summary>
    private sealed class Passage(MirrorPlan plan, MirrorGate gate, IHttpForwarder forwarder, HttpMessageInvoker client, TimeProvider time)
    {
        private readonly string _production = plan.Production.GetLeftPart(UriPartial.Authority);
        private readonly IPEndPoint _server = new(IPAddress.TryParse(plan.Production.Host, out var address) ? address : IPAddress.None, plan.Production.Port);
        private readonly ForwarderRequestConfig _config = new() { ActivityTimeout = Idle, AllowResponseBuffering = false, Version = HttpVersion.Version11 };
        private readonly ProductionTransformer _plain = new(plan.TellsClient, null, time);

        public async Task PassAsync(HttpContext context)
        {
            var began = time.GetTimestamp();
            DeclineHttp2(context);
            var held = gate.Begin(context, context.Features.Get<ClientConnection>()!, RequestTarget.Of(context), _server);
            var transformer = held is null ? _plain : Hold(context, held);
            var error = await forwarder.SendAsync(context, _production, client, _config, transformer);
            gate.End(held, context, error, began);
        }

        // Some clients offer it with their first request; whoever says nothing to it is spoken to as before.
        private static void DeclineHttp2(HttpContext context)
        {
            if (!context.Request.Headers.Upgrade.ToString().Trim().Equals("h2c", StringComparison.OrdinalIgnoreCase))
                return;
            context.Request.Headers.Remove("Upgrade");
            context.Request.Headers.Remove("HTTP2-Settings");
            context.Features.Set<IHttpUpgradeFeature>(null);
        }

        private ProductionTransformer Hold(HttpContext context, HeldExchange held)
        {
            // After the answer's last byte has left, and before the connection's next request is read.
            context.Response.OnCompleted(() =>
            {
                gate.Settle(held, context.Request);
                return Task.CompletedTask;
            });
            if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false })
                context.Request.Body = new RequestTee(context.Request.Body, held, time);
            return held.WantsAnswer ? new ProductionTransformer(plan.TellsClient, held, time) : _plain;
        }
    }
}
