namespace Pressure.Cluster;

/// <summary>
/// The connections of live sources that have begun and not ended: whose turn was due when, so that their order stays whatever clocks do. Bounded: of too many the one that
/// was silent for longest counts as ended.
/// </summary>
internal sealed class LiveConnections(int most = LiveConnections.Most)
{
    /// <summary>Connections that are known at once.</summary>
    public const int Most = 50_000;

    private readonly Dictionary<(int Source, long Connection), LinkedListNode<Known>> _known = [];
    private readonly LinkedList<Known> _byUse = new();

    /// <summary>How many are known.</summary>
    public int Count => _known.Count;

    /// <summary>When a request of a connection is due: not before the one before it.</summary>
    /// <param name="source">The source.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="due">When it would be due by itself.</param>
    /// <param name="forgotten">A connection that had to go for it; null for none.</param>
    public long Next(int source, long connection, long due, out (int Source, long Connection, long Due)? forgotten)
    {
        forgotten = null;
        if (_known.TryGetValue((source, connection), out var node))
        {
            _byUse.Remove(node);
            node.Value = node.Value with { Due = Math.Max(node.Value.Due, due) };
            _byUse.AddLast(node);
            return node.Value.Due;
        }

        if (_known.Count == most && _byUse.First is { } oldest)
        {
            forgotten = (oldest.Value.Source, oldest.Value.Connection, oldest.Value.Due);
            _ = End(oldest.Value.Source, oldest.Value.Connection);
        }

        _known[(source, connection)] = _byUse.AddLast(new Known(source, connection, due));
        return due;
    }

    /// <summary>A connection is over: when its last request is due; null when it is not known.</summary>
    public long? End(int source, long connection)
    {
        if (!_known.Remove((source, connection), out var node))
            return null;
        _byUse.Remove(node);
        return node.Value.Due;
    }

    private readonly record struct Known(int Source, long Connection, long Due);
}
