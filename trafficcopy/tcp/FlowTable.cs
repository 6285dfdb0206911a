using System.Security.Cryptography;

namespace Pressure.TrafficCopy;

/// <summary>
/// Finds the connection of a segment, whichever side sent it. Open addressing with linear probing. Its hash has a secret, so that nobody can write a capture
/// whose connections all fall together; no outcome depends on it.
/// </summary>
internal sealed class FlowTable
{
    private readonly ulong _secret = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;
    private TcpConnection?[] _slots = new TcpConnection?[1024];
    private int _mask = 1023;

    public int Count { get; private set; }

    /// <summary>The connection that a segment with this key belongs to, and whether it goes in the direction of its key.</summary>
    public TcpConnection? Find(in FlowKey flow, out bool isForward)
    {
        var hash = HashOf(flow);
        for (var i = (int)hash & _mask; _slots[i] is { } connection; i = (i + 1) & _mask)
        {
            if (connection.Hash != hash)
                continue;
            if (connection.Flow == flow)
            {
                isForward = true;
                return connection;
            }
            if (IsReverse(connection.Flow, flow))
            {
                isForward = false;
                return connection;
            }
        }
        isForward = false;
        return null;
    }

    /// <summary>Adds one whose key is not there.</summary>
    public void Add(TcpConnection connection)
    {
        if (++Count * 2 > _slots.Length)
            Grow();
        connection.Hash = HashOf(connection.Flow);
        Put(connection);
    }

    /// <summary>Takes one out that is there.</summary>
    public void Remove(TcpConnection connection)
    {
        var hole = (int)connection.Hash & _mask;
        while (_slots[hole] != connection)
            hole = (hole + 1) & _mask;
        // What comes after it moves up, unless that would be in front of its own place.
        for (var i = (hole + 1) & _mask; _slots[i] is { } next; i = (i + 1) & _mask)
        {
            if (((i - (int)next.Hash) & _mask) < ((i - hole) & _mask))
                continue;
            _slots[hole] = next;
            hole = i;
        }
        _slots[hole] = null;
        Count--;
    }

    private static bool IsReverse(in FlowKey one, in FlowKey other) =>
        one.FromLow == other.ToLow && one.ToLow == other.FromLow && one.Ports == (other.Ports << 16 | other.Ports >> 16) &&
        one.FromHigh == other.ToHigh && one.ToHigh == other.FromHigh && one.Network == other.Network;

    /// <summary>The same for both directions: each end is mixed by itself, and the two are added.</summary>
    private uint HashOf(in FlowKey flow)
    {
        var ends = End(flow.FromHigh, flow.FromLow, flow.Ports >> 16) + End(flow.ToHigh, flow.ToLow, flow.Ports & 0xFFFF);
        return (uint)(Mixed(ends ^ flow.Network * 0x9E37_79B9_7F4A_7C15, _secret) >> 16);
    }

    private ulong End(ulong high, ulong low, uint port) => Mixed(low ^ _secret, high ^ (ulong)port << 40 ^ 0xD6E8_FEB8_6659_FD93);

    private static ulong Mixed(ulong one, ulong other)
    {
        var high = Math.BigMul(one, other, out var low);
        return high ^ low;
    }

    private void Put(TcpConnection connection)
    {
        var i = (int)connection.Hash & _mask;
        while (_slots[i] is not null)
            i = (i + 1) & _mask;
        _slots[i] = connection;
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new TcpConnection?[old.Length * 2];
        _mask = _slots.Length - 1;
        foreach (var connection in old)
        {
            if (connection is not null)
                Put(connection);
        }
    }
}
