using System.Numerics;
using System.Runtime.InteropServices;

namespace Pressure.Cluster;

/// <summary>A bounded queue between two threads: one puts in, one takes out, neither ever waits.</summary>
internal sealed class LaneQueue<T>
    where T : class
{
    private readonly T?[] _items;
    private readonly int _mask;
    private QueueEnds _ends;

    /// <summary>An empty queue.</summary>
    /// <param name="capacity">Rounded up to a power of two.</param>
    public LaneQueue(int capacity)
    {
        _items = new T?[BitOperations.RoundUpToPowerOf2((uint)capacity)];
        _mask = _items.Length - 1;
    }

    /// <summary>How many it has room for.</summary>
    public int Capacity => _items.Length;

    /// <summary>How many are in it.</summary>
    public int Count => (int)(Volatile.Read(ref _ends.Put) - Volatile.Read(ref _ends.Taken));

    /// <summary>Puts one in; false when there is no room. Called by one thread.</summary>
    public bool TryPut(T item)
    {
        var at = _ends.Put;
        if (at - _ends.SeenTaken == _items.Length)
        {
            _ends.SeenTaken = Volatile.Read(ref _ends.Taken);
            if (at - _ends.SeenTaken == _items.Length)
                return false;
        }

        _items[at & _mask] = item;
        Volatile.Write(ref _ends.Put, at + 1);
        return true;
    }

    /// <summary>The next one, which stays in it; null when it is empty. Called by the other thread.</summary>
    public T? Peek()
    {
        var at = _ends.Taken;
        if (at == _ends.SeenPut)
        {
            _ends.SeenPut = Volatile.Read(ref _ends.Put);
            if (at == _ends.SeenPut)
                return null;
        }

        return _items[at & _mask];
    }

    /// <summary>Takes the next one out; null when it is empty. Called by the other thread.</summary>
    public T? Take()
    {
        if (Peek() is not { } item)
            return null;
        var at = _ends.Taken;
        _items[at & _mask] = null;
        Volatile.Write(ref _ends.Taken, at + 1);
        return item;
    }
}

/// <summary>Each thread's own counts on a cache line of its own, beside what it has last seen of the other's.</summary>
[StructLayout(LayoutKind.Explicit, Size = 384)]
internal struct QueueEnds
{
    /// <summary>How many were put in.</summary>
    [FieldOffset(128)]
    public long Put;

    /// <summary>How many had been taken out when the thread that puts in last looked.</summary>
    [FieldOffset(136)]
    public long SeenTaken;

    /// <summary>How many were taken out.</summary>
    [FieldOffset(256)]
    public long Taken;

    /// <summary>How many had been put in when the thread that takes out last looked.</summary>
    [FieldOffset(264)]
    public long SeenPut;
}
