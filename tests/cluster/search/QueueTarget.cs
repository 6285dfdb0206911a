using System.Diagnostics;
using System.Net;

namespace Pressure.Cluster.Tests;

/// <summary>
/// A target of known capacity: workers that take a fixed time for each request, so it serves workers / time requests a second and lets
/// the others wait. When a request is ready is arithmetic: a timer that rings late costs no capacity.
/// </summary>
internal sealed class QueueTarget : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Lock _gate = new();
    private readonly TimeSpan[] _free;
    private readonly TimeSpan _time;
    private readonly Task _serving;

    public QueueTarget(int workers, TimeSpan time)
    {
        (_free, _time) = (new TimeSpan[workers], time);
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
                _ = AnswerAsync(context, Wait());
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private TimeSpan Wait()
    {
        lock (_gate)
        {
            var now = Stopwatch.GetElapsedTime(0);
            var worker = Array.IndexOf(_free, _free.Min());
            _free[worker] = (_free[worker] > now ? _free[worker] : now) + _time;
            return _free[worker] - now;
        }
    }

    private static async Task AnswerAsync(HttpListenerContext context, TimeSpan wait)
    {
        await Task.Delay(wait, TimeProvider.System);
        try
        {
            context.Response.Close("ready"u8.ToArray(), willBlock: false);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The asker is gone.
        }
    }
}
