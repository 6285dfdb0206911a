using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>The connections of captures that have begun and not ended, with the clients that stand for them. Used by the reader's thread.</summary>
internal sealed class ReplayConnections(ReplayOrder order, int seed, ReplayPart part, bool staggered)
{
    private readonly Dictionary<(int Capture, long Connection), ReplayConnection> _open = [];
    private long _clients;

    /// <summary>How many are open.</summary>
    public int Count => _open.Count;

    /// <summary>A connection's state, made when it is first asked for.</summary>
    public ReplayConnection Of(int capture, long connection)
    {
        if (!_open.TryGetValue((capture, connection), out var state))
            _open.Add((capture, connection), state = new() { Values = order.Carries.Count > 0 ? new() : null });
        return state;
    }

    /// <summary>The clients of a connection, made when its first request is sent.</summary>
    public ReplayClient[] ClientsOf(ReplayConnection state, int capture, long connection)
    {
        if (state.Clients.Length > 0)
            return state.Clients;
        state.Clients = new ReplayClient[order.Multiply];
        for (var copy = 0; copy < order.Multiply; copy++)
        {
            var id = ++_clients;
            state.Clients[copy] = new(id, LaneOf(id)) { Delay = copy == 0 || !staggered ? TimeSpan.Zero : order.Jitter * ReplayHash.Share(ReplayHash.Of(seed, capture, connection, copy)) };
        }

        return state.Clients;
    }

    private int? LaneOf(long id) => part.Share.Split.ShareOf(id - 1) == part.Share.Index ? ReplayHash.Part(id, part.Lanes) : null;

    /// <summary>Forgets a connection, and gives what it was; null when it was unknown.</summary>
    public ReplayConnection? End(int capture, long connection) => _open.Remove((capture, connection), out var state) ? state : null;

    /// <summary>Forgets all, and gives what they were, in the order of their clients.</summary>
    public List<ReplayConnection> EndAll()
    {
        var all = _open.Values.OrderBy(c => c.Clients.Length == 0 ? 0 : c.Clients[0].Id).ToList();
        _open.Clear();
        return all;
    }
}

/// <summary>A connection of a capture while it is gone through.</summary>
internal sealed class ReplayConnection
{
    /// <summary>Who stands for it; none before its first request.</summary>
    public ReplayClient[] Clients { get; set; } = [];

    /// <summary>What its captured answers gave; null when nothing is carried.</summary>
    public CapturedValues? Values { get; init; }

    /// <summary>The last request of it that is kept for further loops.</summary>
    public EncodedRequest? LastKept { get; set; }
}
