namespace Pressure.TrafficCopy;

/// <summary>
/// Puts fragments together again. Bounded in memory and, by the capture's clock, in time; each fragment's packet gets its fate when that of its datagram is
/// known, at the latest when it is flushed.
/// </summary>
internal sealed class FragmentStore(CaptureAccounts accounts, int maxMemory = FragmentStore.DefaultMemory)
{
    /// <summary>Most memory that is held, in bytes.</summary>
    public const int DefaultMemory = 16 << 20;

    // As long as Linux waits for the rest.
    private const long Patience = 30_000_000_000;

    private readonly Dictionary<FragmentKey, LinkedListNode<Datagram>> _datagrams = [];
    private readonly LinkedList<Datagram> _byAge = new();
    private long _memory;

    /// <summary>Memory held.</summary>
    public long Memory => _memory;

    /// <summary>
    /// Takes the fragment of a packet. Returns the datagram when this one made it whole, and then the packet is the caller's to count; it has to be
    /// disposed of after use.
    /// </summary>
    public Datagram? Take(in Layer layer, bool ofIpv6, long at)
    {
        Expire(at);
        var (offset, length) = (layer.FragmentOffset, (int)Math.Min(layer.Length, int.MaxValue));
        if (length <= 0 || length > Datagram.MaxLength - offset || (layer.MoreFragments && length % 8 != 0))
            return Count(PacketFate.Malformed);
        // Of one that was not captured whole, the rest will never come.
        if (layer.Data.Length < length)
            return Count(PacketFate.FragmentLost);
        // In IPv6 only the first fragment's word on what it carries counts, so it tells no datagrams apart.
        var key = new FragmentKey(layer.FromHigh, layer.FromLow, layer.ToHigh, layer.ToLow, layer.Network, layer.FragmentId, ofIpv6 ? -1 : layer.Protocol);
        var node = Of(key, at);
        var datagram = node.Value;
        var before = datagram.Memory;
        var fit = datagram.Take(offset, layer.MoreFragments, layer.Protocol, layer.Data);
        _memory += datagram.Memory - before;
        switch (fit)
        {
            case Fit.Known:
                return Count(PacketFate.CapturedTwice);
            case Fit.Contradicts:
                accounts.Count(PacketFate.FragmentLost);
                Lose(node, PacketFate.FragmentLost);
                return null;
        }
        if (datagram.IsWhole)
        {
            accounts.Count(PacketFate.Fragment, datagram.Fragments - 1);
            Forget(node);
            return datagram;
        }
        KeepWithinMemory();
        return null;
    }

    /// <summary>Gives up all that is incomplete.</summary>
    public void Flush()
    {
        while (_byAge.First is { } oldest)
            Lose(oldest, PacketFate.FragmentLost);
    }

    private Datagram? Count(PacketFate fate)
    {
        accounts.Count(fate);
        return null;
    }

    private LinkedListNode<Datagram> Of(in FragmentKey key, long at)
    {
        if (_datagrams.TryGetValue(key, out var known))
            return known;
        var node = _byAge.AddLast(new Datagram(key, at));
        _datagrams.Add(key, node);
        _memory += node.Value.Memory;
        return node;
    }

    private void Expire(long at)
    {
        while (_byAge.First is { } oldest && at - oldest.Value.Since > Patience)
            Lose(oldest, PacketFate.FragmentLost);
    }

    private void KeepWithinMemory()
    {
        while (_memory > maxMemory && _byAge.First is { } oldest)
            Lose(oldest, PacketFate.NoMemory);
    }

    private void Lose(LinkedListNode<Datagram> node, PacketFate fate)
    {
        accounts.Count(fate, node.Value.Fragments);
        Forget(node);
        node.Value.Dispose();
    }

    private void Forget(LinkedListNode<Datagram> node)
    {
        _memory -= node.Value.Memory;
        _datagrams.Remove(node.Value.Key);
        _byAge.Remove(node);
    }
}
