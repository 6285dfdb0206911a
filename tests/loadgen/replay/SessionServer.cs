using Pressure.LoadGen.Tests.Engine;

namespace Pressure.LoadGen.Tests.Replay;

/// <summary>A server that keeps what came over each of its connections, in order.</summary>
internal sealed class SessionServer : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<List<string>> _sessions = [];
    private readonly RawServer _server;
    private int _under;

    /// <param name="answer">What answers a path.</param>
    /// <param name="tls">Over TLS.</param>
    /// <param name="delay">Seconds before each answer.</param>
    public SessionServer(Func<string, string>? answer = null, bool tls = false, double delay = 0) => _server = new(
        async c =>
        {
            var session = new List<string>();
            lock (_gate)
                _sessions.Add(session);
            while (await c.ReadRequestAsync() is { } head)
            {
                Enter(session, head.Split(' ')[1]);
                if (delay > 0)
                    await c.DelayAsync(delay);
                Interlocked.Decrement(ref _under);
                await c.WriteAsync(answer?.Invoke(head.Split(' ')[1]) ?? RawServer.Ok);
            }

            Interlocked.Increment(ref _closed);
        },
        tls: tls);

    private int _closed;

    public Uri Url => _server.Url;

    /// <summary>Paths asked for, by connection.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Sessions
    {
        get
        {
            lock (_gate)
                return [.. _sessions.Select(s => s.ToList())];
        }
    }

    /// <summary>Connections that the client has closed.</summary>
    public int Closed => _closed;

    /// <summary>Requests under way at once, at the most.</summary>
    public int Most { get; private set; }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void Enter(List<string> session, string path)
    {
        var under = Interlocked.Increment(ref _under);
        lock (_gate)
        {
            session.Add(path);
            Most = Math.Max(Most, under);
        }
    }
}
