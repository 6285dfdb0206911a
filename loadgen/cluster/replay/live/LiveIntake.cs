using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>Takes what one source hands on, and counts it. Written by the source's thread within the merge's lock, read by any.</summary>
internal sealed class LiveIntake(LiveTraffic traffic, int source) : IExchangeSink
{
    private long _exchanges;
    private long _connections;
    private long _lastHeard;
    private long _firstAt;
    private long _lastAt;
    private long _dropped;
    private long _late;
    private long _own;
    private long _lastConnection;

    /// <summary>Number of the source.</summary>
    public int Source => source;

    /// <summary>Exchanges that have come.</summary>
    public long Exchanges => Volatile.Read(ref _exchanges);

    /// <summary>Connections with one, as far as they came one after the other in number.</summary>
    public long Connections => Volatile.Read(ref _connections);

    /// <summary>When the last one came, in nanoseconds since 1970; 0 before the first.</summary>
    public long LastHeard => Volatile.Read(ref _lastHeard);

    /// <summary>When the first request began, likewise.</summary>
    public long FirstAt => Volatile.Read(ref _firstAt);

    /// <summary>When the last request began, likewise.</summary>
    public long LastAt => Volatile.Read(ref _lastAt);

    /// <summary>Exchanges that were dropped here, since the replay was behind.</summary>
    public long Dropped
    {
        get => Volatile.Read(ref _dropped);
        set => Volatile.Write(ref _dropped, value);
    }

    /// <summary>Exchanges that came when their moment had passed, and were due at once.</summary>
    public long Late
    {
        get => Volatile.Read(ref _late);
        set => Volatile.Write(ref _late, value);
    }

    /// <summary>Exchanges that a run had sent itself.</summary>
    public long Own
    {
        get => Volatile.Read(ref _own);
        set => Volatile.Write(ref _own, value);
    }

    /// <inheritdoc/>
    public void Take(CapturedExchange exchange)
    {
        // Numbers rise from connection to connection.
        if (exchange.Connection > _lastConnection)
        {
            _lastConnection = exchange.Connection;
            Volatile.Write(ref _connections, _connections + 1);
        }

        traffic.Take(this, exchange);
    }

    /// <inheritdoc/>
    public void EndConnection(long connection, long at) => traffic.End(this, connection);

    /// <summary>One has come.</summary>
    public void Heard(long at, long now)
    {
        Volatile.Write(ref _firstAt, _exchanges == 0 ? at : Math.Min(_firstAt, at));
        Volatile.Write(ref _lastAt, Math.Max(_lastAt, at));
        Volatile.Write(ref _exchanges, _exchanges + 1);
        Volatile.Write(ref _lastHeard, now);
    }
}

/// <summary>A live source as a capture: what has come of it so far. What it hands out goes through the merge.</summary>
internal sealed class LiveReader(string name, LiveIntake intake) : ICaptureReader
{
    /// <inheritdoc/>
    public bool IsLive => true;

    /// <inheritdoc/>
    public CaptureInfo Info => new() { Name = name, Exchanges = intake.Exchanges, Connections = intake.Connections, FirstAt = intake.FirstAt, LastAt = intake.LastAt };

    /// <inheritdoc/>
    public IEnumerable<CapturedExchange> ByTime() => [];

    /// <inheritdoc/>
    public void Dispose()
    {
        // The merge ends its source.
    }
}
