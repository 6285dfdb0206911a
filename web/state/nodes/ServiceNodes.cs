using Dapper;
using Npgsql;

namespace Pressure.Web.State;

/// <summary>
/// The nodes of the service. Each renews a lease by its heartbeat; one whose lease has run out counts as dead, and knows it itself before the others do, since
/// it counts from the moment before it asked. Thread-safe.
/// </summary>
/// <param name="database">The nodes' database.</param>
/// <param name="identity">Which one this is.</param>
/// <param name="time">Its clock; only spans of it are used.</param>
/// <param name="lease">How long a node may be silent.</param>
public sealed class ServiceNodes(ServiceDatabase database, NodeIdentity identity, TimeProvider time, TimeSpan lease)
{
    private readonly Lock _gate = new();
    private volatile NodeIdentity _own = identity;
    private IReadOnlyList<NodeStanding> _all = [];
    private long? _renewed;
    private long? _since;
    private (long Asked, DateTime There)? _clocks;
    private bool _displaced;

    /// <summary>How long a node may be silent.</summary>
    public TimeSpan Lease => lease;

    /// <summary>How often it is heard.</summary>
    public TimeSpan Beat => lease / 5;

    /// <summary>This node.</summary>
    public NodeIdentity Own => _own;

    /// <summary>All that are known, this one among them, as the last heartbeat found them.</summary>
    public IReadOnlyList<NodeStanding> All
    {
        get
        {
            lock (_gate)
                return _all;
        }
    }

    /// <summary>Whether this node's lease holds: only then does it begin what is scheduled.</summary>
    public bool HoldsLease
    {
        get
        {
            lock (_gate)
                return !_displaced && _renewed is { } at && time.GetElapsedTime(at) < lease * 0.9;
        }
    }

    /// <summary>Another process runs as this node: the folder of runs was copied, or is shared.</summary>
    public bool IsDisplaced
    {
        get
        {
            lock (_gate)
                return _displaced;
        }
    }

    /// <summary>
    /// Whether this node may judge that others are dead: after the database was away, or its clock was put forward, all leases have run out, and everybody gets the time to
    /// come back.
    /// </summary>
    public bool MayJudge
    {
        get
        {
            lock (_gate)
                return HoldsLease && _since is { } at && time.GetElapsedTime(at) > Lease;
        }
    }

    /// <summary>A node that is alive; null if there is none of this id, or not in this incarnation.</summary>
    public NodeStanding? Living(string id, Guid? incarnation = null) => All.FirstOrDefault(n => n.Id == id && n.Alive && (incarnation is null || n.Incarnation == incarnation));

    /// <summary>Takes this node's place, whoever had it before, under the addresses that it listens on.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public Task JoinAsync(string address, string? agents = null, CancellationToken stop = default)
    {
        _own = _own with { Address = address, Agents = agents };
        return JoinAsync(stop);
    }

    /// <summary>The same under the address that it has.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public async Task JoinAsync(CancellationToken stop = default)
    {
        var own = _own;
        var asked = time.GetTimestamp();
        Learn(asked, await database.DoAsync(
            async connection =>
            {
                await connection.ExecuteAsync(
                    """
                    INSERT INTO node (id, incarnation, address, agents, version, lease_until) VALUES (@Id, @Incarnation, @Address, @Agents, @Version, clock_timestamp() + @Lease)
                    ON CONFLICT (id) DO UPDATE SET incarnation = @Incarnation, address = @Address, agents = @Agents, version = @Version, started = clock_timestamp(), heartbeat = clock_timestamp(), lease_until = clock_timestamp() + @Lease
                    """,
                    new { own.Id, own.Incarnation, own.Address, own.Agents, own.Version, Lease });
                // What an earlier process of this node left is this one's to close.
                await connection.ExecuteAsync("UPDATE run SET incarnation = @Incarnation WHERE node = @Id AND NOT over", new { own.Id, own.Incarnation });
                return await LookAsync(connection);
            },
            stop));
    }

    /// <summary>Renews the lease and looks who else is there; what is long gone is forgotten.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public async Task BeatAsync(CancellationToken stop = default)
    {
        var (own, asked) = (_own, time.GetTimestamp());
        var (renewed, look) = await database.DoAsync(
            async connection =>
            {
                var rows = await connection.ExecuteAsync(
                    "UPDATE node SET heartbeat = clock_timestamp(), lease_until = clock_timestamp() + @Lease WHERE id = @Id AND incarnation = @Incarnation", new { own.Id, own.Incarnation, Lease });
                await connection.ExecuteAsync("DELETE FROM node WHERE heartbeat < clock_timestamp() - interval '7 days'");
                return (rows == 1, await LookAsync(connection));
            },
            stop);
        if (renewed)
            Learn(asked, look);
        else if (look.All.Any(n => n.Id == own.Id))
            lock (_gate)
                (_displaced, _all) = (true, look.All);
        else
            await JoinAsync(stop);
    }

    /// <summary>Gives the lease back, so that others need not wait for its end.</summary>
    public async Task LeaveAsync()
    {
        var own = _own;
        try
        {
            await database.DoAsync(connection => connection.ExecuteAsync("DELETE FROM lease WHERE node = @Id AND incarnation = @Incarnation; DELETE FROM node WHERE id = @Id AND incarnation = @Incarnation", new { own.Id, own.Incarnation }));
        }
        catch (DatabaseAwayException)
        {
            // The lease ends by itself.
        }
        lock (_gate)
            (_renewed, _since) = (null, null);
    }

    private void Learn(long asked, (DateTime There, IReadOnlyList<NodeStanding> All) look)
    {
        lock (_gate)
        {
            _since = HoldsLease && !HasLeapt(look.There) ? _since ?? asked : asked;
            (_renewed, _clocks, _all) = (asked, (asked, look.There), look.All);
        }
    }

    /// <summary>
    /// Whether the database's clock was put forward since the last look by so much that leases of nodes that were heard in time may have run out: more time passed there than
    /// can have passed here, from before that look's question to after this one's answer.
    /// </summary>
    private bool HasLeapt(DateTime there) => _clocks is { } before && there - before.There > time.GetElapsedTime(before.Asked) + (lease / 2);

    private static async Task<(DateTime There, IReadOnlyList<NodeStanding> All)> LookAsync(NpgsqlConnection connection) =>
        (await connection.ExecuteScalarAsync<DateTime>("SELECT clock_timestamp()"), await ReadAsync(connection));

    private static async Task<IReadOnlyList<NodeStanding>> ReadAsync(NpgsqlConnection connection) =>
    [
        .. (await connection.QueryAsync<(string Id, Guid Incarnation, string Address, string Version, DateTime Started, DateTime Heartbeat, bool Alive, string? Agents)>(
            "SELECT id, incarnation, address, version, started, heartbeat, lease_until > clock_timestamp(), agents FROM node ORDER BY id"))
            .Select(n => new NodeStanding(n.Id, n.Incarnation, n.Address, n.Version, new(n.Started), new(n.Heartbeat), n.Alive, n.Agents)),
    ];
}
