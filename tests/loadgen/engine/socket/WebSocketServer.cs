using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>Kestrel with WebSockets on loopback: <c>/echo</c>, <c>/push</c>, <c>/pings</c> and plain requests.</summary>
internal sealed class WebSocketServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _open;
    private int _mostOpen;

    private WebSocketServer(bool tls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (tls)
                listen.UseHttps(TestCertificate.SelfSigned());
        }));
        _app = builder.Build();
        _app.UseWebSockets(new() { KeepAliveInterval = TimeSpan.FromMilliseconds(50), KeepAliveTimeout = TimeSpan.FromSeconds(20) });
        _app.Run(ServeAsync);
        Scheme = tls ? "https" : "http";
    }

    public string Scheme { get; }

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Handshakes that came, headers and all.</summary>
    public ConcurrentQueue<IHeaderDictionary> Handshakes { get; } = [];

    /// <summary>Texts that came.</summary>
    public ConcurrentQueue<string> Texts { get; } = [];

    /// <summary>How connections ended.</summary>
    public ConcurrentQueue<WebSocketCloseStatus?> Closes { get; } = [];

    public int MostOpen => _mostOpen;

    public int Open => _open;

    public static async Task<WebSocketServer> StartAsync(bool tls = false)
    {
        var server = new WebSocketServer(tls);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = context.Request.Path == "/forbidden" ? 403 : 200;
            return;
        }

        if (context.Request.Path == "/forbidden")
        {
            context.Response.StatusCode = 403;
            return;
        }

        Handshakes.Enqueue(new HeaderDictionary(context.Request.Headers.ToDictionary()));
        context.Response.Headers.SetCookie = "seat=17; Path=/";
        context.Response.Headers["X-Room"] = "blue";
        using var socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.LastOrDefault());
        var now = Interlocked.Increment(ref _open);
        for (var seen = _mostOpen; seen < now; seen = _mostOpen)
            Interlocked.CompareExchange(ref _mostOpen, now, seen);
        try
        {
            await (context.Request.Path.Value switch
            {
                "/push" => PushAsync(socket),
                _ => EchoAsync(socket),
            });
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The peer is gone.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            Closes.Enqueue(socket.CloseStatus);
        }
    }

    // What comes, in two frames.
    private async Task EchoAsync(WebSocket socket)
    {
        var buffer = new byte[2 * 1024 * 1024];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                return;
            }

            Texts.Enqueue(Encoding.UTF8.GetString(buffer, 0, Math.Min(length, 1000)));
            await socket.SendAsync(buffer.AsMemory(0, length / 2), part.MessageType, endOfMessage: false, CancellationToken.None);
            await socket.SendAsync(buffer.AsMemory(length / 2, length - length / 2), part.MessageType, endOfMessage: true, CancellationToken.None);
        }
    }

    // Prices, unasked.
    private static async Task PushAsync(WebSocket socket)
    {
        for (var price = 1; price <= 5; price++)
            await socket.SendAsync(Encoding.UTF8.GetBytes($$"""{"price":{{price}}}"""), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        await socket.ReceiveAsync(new byte[10], CancellationToken.None);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }
}
