using System.Net;

namespace Pressure.Cluster.Tests;

/// <summary>A target that answers 200, at once or after a delay, and counts.</summary>
internal sealed class CountingTarget : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;
    private readonly TimeSpan _delay;
    private int _count;

    public CountingTarget(TimeSpan delay = default)
    {
        _delay = delay;
        using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }
        _listener.Prefixes.Add(Url.AbsoluteUri);
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Url { get; }

    public int Count => Volatile.Read(ref _count);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                Interlocked.Increment(ref _count);
                _ = AnswerAsync(context.Response);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task AnswerAsync(HttpListenerResponse response)
    {
        try
        {
            if (_delay > TimeSpan.Zero)
                await Task.Delay(_delay);
            response.Close("hello"u8.ToArray(), willBlock: false);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Nobody waits for it any more.
        }
    }
}
