using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pressure.Gateway.Tests;

/// <summary>A service behind a gateway: it says what it was asked.</summary>
internal sealed class Service : IAsyncDisposable
{
    public const int BigBytes = 3_000_000;

    private readonly WebApplication _app;
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;

    private Service(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public int Asked => Volatile.Read(ref _asked);

    public static async Task<Service> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var service = new Service(builder.Build());
        service._app.Urls.Add("http://127.0.0.1:0");
        service._app.UseWebSockets();
        service._app.Run(service.AnswerAsync);
        await service._app.StartAsync();
        return service;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _asked);
        switch (context.Request.Path.Value)
        {
            case "/echo":
                await EchoAsync(context);
                break;
            case "/big":
                await context.Response.Body.WriteAsync(new byte[BigBytes]);
                break;
            case "/drip":
                await context.Response.WriteAsync("first\n");
                await context.Response.Body.FlushAsync();
                await _go.Task;
                await context.Response.WriteAsync("last\n");
                break;
            case "/go":
                _go.SetResult();
                break;
            default:
                context.Response.StatusCode = context.Request.Path == "/teapot" ? 418 : 200;
                context.Response.Headers["X-Told"] = "as it was";
                await context.Response.WriteAsync($"{context.Request.Method} {context.Request.Host} {context.Request.Path}{context.Request.QueryString} {await new StreamReader(context.Request.Body).ReadToEndAsync()}");
                break;
        }
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer.AsMemory(), default) is { MessageType: not WebSocketMessageType.Close } got)
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, default);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
    }
}
