using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Pressure.Mirror.Tests;

/// <summary>A server that keeps what it is asked; production or a test target.</summary>
internal sealed class Server : IAsyncDisposable
{
    public const int BigBytes = 5_000_000;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Asked> _asked = [];
    private readonly string _name;

    private Server(WebApplication app, string name) => (_app, _name) = (app, name);

    public string Url => _app.Urls.First();

    public IReadOnlyList<Asked> Asked => [.. _asked];

    public int Count => _asked.Count;

    /// <summary>Done before each answer.</summary>
    public Func<HttpContext, Task> Before { get; set; } = _ => Task.CompletedTask;

    public static async Task<Server> StartAsync(string name = "production", int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.RequestHeaderEncodingSelector = _ => System.Text.Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = _ => System.Text.Encoding.Latin1;
        });
        var server = new Server(builder.Build(), name);
        server._app.Urls.Add($"http://127.0.0.1:{port}");
        server._app.UseWebSockets();
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        await Before(context);
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted);
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        _asked.Enqueue(new Asked(request.Method, target, request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
        await AnswerAsync(context, body.ToArray());
    }

    private async Task AnswerAsync(HttpContext context, byte[] asked)
    {
        var response = context.Response;
        response.Headers["X-Server"] = _name;
        switch (context.Request.Path.Value)
        {
            case "/big":
                response.ContentLength = BigBytes;
                await response.Body.WriteAsync(Pattern(BigBytes));
                break;
            case "/chunked":
                for (var i = 0; i < 5; i++)
                {
                    await response.Body.WriteAsync(Pattern(10_000));
                    await response.Body.FlushAsync();
                }
                break;
            case "/gzip":
                response.Headers.ContentEncoding = "gzip";
                await using (var zip = new GZipStream(response.Body, CompressionLevel.Fastest))
                    await zip.WriteAsync(Pattern(100_000));
                break;
            case "/unchanged":
                response.StatusCode = 304;
                response.Headers.ETag = "\"v1\"";
                break;
            case "/empty":
                response.StatusCode = 204;
                break;
            case "/wrong":
                response.StatusCode = 500;
                await response.WriteAsync("wrong");
                break;
            case "/letters":
                response.Headers["X-Letters"] = "gr\u00fc\u00df";
                break;
            case "/echo" when context.WebSockets.IsWebSocketRequest:
                await EchoAsync(context);
                break;
            case "/who":
                response.ContentType = "application/json";
                await response.WriteAsync($$"""{"server":"{{_name}}","path":"{{context.Request.Path}}"}""");
                break;
            default:
                await response.WriteAsync($"{context.Request.Method} {context.Request.Path} {asked.Length}");
                break;
        }
    }

    public static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7 / 3))];

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer.AsMemory(), default) is { MessageType: not System.Net.WebSockets.WebSocketMessageType.Close } got)
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, default);
        await socket.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, null, default);
    }
}

/// <summary>A request as a server got it.</summary>
internal sealed record Asked(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body);
