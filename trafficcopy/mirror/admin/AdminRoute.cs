using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pressure.Mirror;

/// <summary>
/// A port of its own to look at a mirror and to pause it: <c>GET /status</c>, <c>GET /metrics</c>, <c>GET /health</c>, <c>POST /pause</c>,
/// <c>POST /resume</c>.
/// </summary>
internal sealed class AdminRoute : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly WebApplication _app;

    private AdminRoute(WebApplication app, IPEndPoint listening) => (_app, Listening) = (app, listening);

    /// <summary>Where it listens.</summary>
    public IPEndPoint Listening { get; }

    /// <summary>Listens.</summary>
    /// <exception cref="IOException">It can't.</exception>
    public static async Task<AdminRoute> StartAsync(IPEndPoint listen, Func<MirrorStatus> status, Action<bool> pause)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 10;
            kestrel.Listen(listen);
        });
        var app = builder.Build();
        app.Run(context => AnswerAsync(context, status, pause));
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        return new AdminRoute(app, new IPEndPoint(listen.Address, new Uri(app.Urls.First()).Port));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static Task AnswerAsync(HttpContext context, Func<MirrorStatus> status, Action<bool> pause)
    {
        context.Response.Headers.CacheControl = "no-store";
        // A page from anywhere that somebody on this machine looks at must not stop the copying.
        if (HttpMethods.IsPost(context.Request.Method) && context.Request.Headers.ContainsKey("Origin"))
            return WriteAsync(context, StatusCodes.Status403Forbidden, "text/plain", "Not from pages in a browser.\n");
        switch (context.Request.Method, context.Request.Path.Value)
        {
            case ("GET", "/status"):
                return WriteAsync(context, StatusCodes.Status200OK, "application/json", JsonSerializer.Serialize(status(), Json) + "\n");
            case ("GET", "/metrics"):
                return WriteAsync(context, StatusCodes.Status200OK, "text/plain; version=0.0.4; charset=utf-8", MetricsText.Of(status()));
            case ("GET", "/health"):
                return WriteAsync(context, StatusCodes.Status200OK, "text/plain", "ok\n");
            case ("POST", "/pause"):
                pause(true);
                return WriteAsync(context, StatusCodes.Status200OK, "text/plain", "paused\n");
            case ("POST", "/resume"):
                pause(false);
                return WriteAsync(context, StatusCodes.Status200OK, "text/plain", "copying\n");
            default:
                return WriteAsync(context, StatusCodes.Status404NotFound, "text/plain", "GET /status, /metrics or /health; POST /pause or /resume.\n");
        }
    }

    private static Task WriteAsync(HttpContext context, int status, string type, string body)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, type);
        return context.Response.WriteAsync(body, context.RequestAborted);
    }
}
