using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;

namespace Pressure.TestKit;

/// <summary>A server on a free port of loopback that keeps what it is sent and answers as it is told to.</summary>
public sealed class HttpReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _serving;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Received> _received = [];

    /// <summary>A server that answers 204, or <paramref name="port"/> if it is told to be at one.</summary>
    public HttpReceiver(int? port = null)
    {
        (_listener, Url) = Listen(port);
        _serving = ServeAsync();
    }

    /// <summary>Its address.</summary>
    public Uri Url { get; }

    /// <summary>What came, in order; what is answered with something other than 2xx too.</summary>
    public IReadOnlyList<Received> Requests => [.. _received];

    /// <summary>The status of an answer, after whatever it waits for.</summary>
    public Func<Received, CancellationToken, Task<int>> Answer { get; set; } = (_, _) => Task.FromResult(204);

    /// <summary>The body of an answer.</summary>
    public byte[] Body { get; set; } = [];

    /// <summary>Waits until a request of a kind has come; gives the first.</summary>
    public async Task<Received> FirstAsync(Func<Received, bool> wanted, CancellationToken stop)
    {
        while (true)
        {
            if (_received.FirstOrDefault(wanted) is { } found)
                return found;
            await Task.Delay(20, stop);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Abort();
        await _serving;
        _stop.Dispose();
    }

    private static (HttpListener, Uri) Listen(int? wanted)
    {
        for (var attempt = 0; ; attempt++)
        {
            var port = wanted ?? ServerProcess.FreePort();
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return (listener, new Uri($"http://127.0.0.1:{port}/"));
            }
            catch (HttpListenerException) when (attempt < 20 && wanted is null)
            {
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        var open = new List<Task>();
        try
        {
            while (!_stop.IsCancellationRequested)
                open.Add(AnswerAsync(await _listener.GetContextAsync()));
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
        await Task.WhenAll(open);
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var request = context.Request;
            using var body = new MemoryStream();
            var stream = request.Headers["Content-Encoding"] == "gzip" ? new GZipStream(request.InputStream, CompressionMode.Decompress) : request.InputStream;
            await stream.CopyToAsync(body, _stop.Token);
            var received = new Received(request.HttpMethod, request.Url!.PathAndQuery, request.Headers.AllKeys.ToDictionary(k => k!, k => request.Headers[k]!, StringComparer.OrdinalIgnoreCase), body.ToArray());
            _received.Enqueue(received);
            context.Response.StatusCode = await Answer(received, _stop.Token);
            await context.Response.OutputStream.WriteAsync(Body, _stop.Token);
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or OperationCanceledException or IOException or InvalidOperationException)
        {
            // The peer went away, or we stop.
        }
    }
}

/// <summary>A request that came, its body unzipped.</summary>
public sealed record Received(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);
}
