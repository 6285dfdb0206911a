using System.Net;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

/// <summary>A target on a free port of loopback that answers every request with 200, each after a time of its own.</summary>
internal abstract class ListeningTarget : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    protected ListeningTarget()
    {
        Url = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}/");
        _listener.Prefixes.Add(Url.AbsoluteUri);
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Url { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    /// <summary>A request has come: how long it takes. Called one after the other, in the order in which they came.</summary>
    protected abstract TimeSpan Take();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                _ = AnswerAsync(context.Response, Take());
            }
        }
        catch (Exception e) when (e is HttpListenerException or InvalidOperationException)
        {
            // Closed.
        }
    }

    private static async Task AnswerAsync(HttpListenerResponse response, TimeSpan after)
    {
        try
        {
            if (after > TimeSpan.Zero)
                await Task.Delay(after);
            response.Close("hello"u8.ToArray(), willBlock: false);
        }
        catch (Exception e) when (e is HttpListenerException or InvalidOperationException)
        {
            // Nobody waits for it any more.
        }
    }
}
