using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>The places for a lane's connections: which are taken, which are free, and whom an idle one is kept for.</summary>
internal sealed class ConnectionPlaces(OriginPools pools, HttpOptions options, int most) : IDisposable
{
    private readonly List<Connection> _all = [];
    private readonly Stack<Connection> _free = [];

    /// <summary>Connections open or being opened.</summary>
    public int Open { get; private set; }

    /// <summary>Those whose target's name is being resolved.</summary>
    public int Resolving { get; private set; }

    /// <summary>Whether one more may be opened.</summary>
    public bool HasRoom => Open < most;

    /// <summary>The connection that an event is about; null when that one is gone, and its place free or taken by another.</summary>
    public Connection? Find(ulong tag) => _all[(int)(uint)tag] is var connection && connection.Tag == tag ? connection : null;

    /// <summary>Takes a place for a new connection.</summary>
    public Connection Take(OriginPool pool, Iteration iteration, TimeSpan now)
    {
        if (!_free.TryPop(out var connection))
            _all.Add(connection = new Connection(_all.Count));
        connection.Open(pool, now);
        if (iteration.Client is { } client)
            connection.Belong(client);
        pool.Open++;
        Open++;
        return connection;
    }

    /// <summary>The connection waits for its target's name, or does so no more.</summary>
    public void CountResolving(int more) => Resolving += more;

    /// <summary>
    /// An idle connection for a request; null if there is none. It is the one used last: the others may then grow old enough for the
    /// server to close them.
    /// </summary>
    public Connection? IdleFor(Iteration iteration, OriginPool pool)
    {
        if (iteration.Client is { } client)
            return OwnOf(client, pool);
        return options.KeepAliveInIteration ? iteration.KeptFor(pool) : pool.Idle.Last;
    }

    /// <summary>Keeps a connection for the next request.</summary>
    public void Keep(Connection connection, Iteration iteration, RunClock clock)
    {
        connection.Phase = ConnectionPhase.Idle;
        if (options.KeepAliveIdle != TimeSpan.MaxValue)
            connection.IdleSince = clock.Now;
        if (connection.IsRaw)
            connection.Unlink();
        else
            (options.KeepAliveInIteration && iteration.Client is null ? iteration.Kept : connection.Pool.Idle).Enqueue(connection);
    }

    /// <summary>Makes room by closing an idle connection; false if there is none that may be closed.</summary>
    public bool MakeRoom(OriginPool pool, Iteration iteration)
    {
        if (iteration.Client is not null)
            return MakeRoom();
        for (var i = 0; i < pools.Count; i++)
        {
            var other = pools[i];
            if (other == pool || other.Idle.First is not { } idle || (other.Waiting.Count > 0 && pool.Open > 0))
                continue;
            Close(idle);
            return true;
        }

        if (iteration.Kept.First is not { } kept)
            return false;
        Close(kept);
        return true;
    }

    // A client's own connection is the one that it has had all the time.
    private Connection? OwnOf(ReplayClient client, OriginPool pool)
    {
        if (client.Connection is not { Phase: ConnectionPhase.Idle } own)
            return null;
        if (own.Pool == pool)
            return own;
        // One connection each: a client that goes to another origin leaves the one before.
        Close(own);
        return null;
    }

    // Of the clients without a request the one whose last request is longest ago. A conversation over raw TCP would be over without its connection.
    private bool MakeRoom()
    {
        for (var i = 0; i < pools.Count; i++)
        {
            if (pools[i].Idle.First is not { } oldest)
                continue;
            oldest.Owner?.MakeRoom();
            Close(oldest);
            return true;
        }

        return false;
    }

    /// <summary>Closes what the plan keeps no longer.</summary>
    public void Expire(TimeSpan now)
    {
        if (options.KeepAliveIdle == TimeSpan.MaxValue)
            return;
        for (var i = 0; i < pools.Count; i++)
        {
            while (pools[i].Idle.First is { } idle && idle.IdleSince <= now - options.KeepAliveIdle)
                Close(idle);
        }
    }

    /// <summary>Closes a connection and frees its place.</summary>
    public void Close(Connection connection)
    {
        if (connection.Phase == ConnectionPhase.Resolving)
            Resolving--;
        connection.Pool.Open--;
        Open--;
        connection.Close();
        _free.Push(connection);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _all)
            connection.Close();
    }
}
