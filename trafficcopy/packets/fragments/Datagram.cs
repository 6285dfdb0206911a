using System.Buffers;

namespace Pressure.TrafficCopy;

/// <summary>A datagram of which fragments have come. The first that brings a byte wins; one that brings another for the same place contradicts.</summary>
internal sealed class Datagram(FragmentKey key, long since) : IDisposable
{
    /// <summary>Longest there can be.</summary>
    public const int MaxLength = 65_535;

    private const int Unit = 8;
    private const int Smallest = 4_096;

    // Which units of 8 bytes have come.
    private readonly ulong[] _come = new ulong[(MaxLength + 1) / Unit / 64];
    private byte[] _bytes = [];
    private int _units;
    private int _highest;
    private int _total = -1;

    /// <summary>Whose it is.</summary>
    public FragmentKey Key => key;

    /// <summary>When its first fragment was captured.</summary>
    public long Since => since;

    /// <summary>Fragments that have come.</summary>
    public int Fragments { get; private set; }

    /// <summary>What its first fragment says that it carries.</summary>
    public int Protocol { get; private set; }

    /// <summary>Memory that it holds.</summary>
    public int Memory => _bytes.Length + _come.Length * sizeof(ulong) + 256;

    /// <summary>Whether every byte is there.</summary>
    public bool IsWhole => _total >= 0 && _units == (_total + Unit - 1) / Unit;

    /// <summary>All of it, when it is whole.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _total);

    /// <summary>Takes a fragment that fits within the longest.</summary>
    public Fit Take(int offset, bool more, int protocol, ReadOnlySpan<byte> bytes)
    {
        var end = offset + bytes.Length;
        if (!more && ((_total >= 0 && _total != end) || end < _highest))
            return Fit.Contradicts;
        if (_total >= 0 && end > _total)
            return Fit.Contradicts;
        Reserve(end);
        var before = _units;
        if (!Place(offset, bytes))
            return Fit.Contradicts;
        var knew = _units == before && (more || _total >= 0);
        if (!more)
            _total = end;
        if (offset == 0 && !knew)
            Protocol = protocol;
        _highest = Math.Max(_highest, end);
        if (knew)
            return Fit.Known;
        Fragments++;
        return Fit.Taken;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void Reserve(int length)
    {
        if (length <= _bytes.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Smallest, length));
        _bytes.CopyTo(larger, 0);
        Dispose();
        _bytes = larger;
    }

    private bool Place(int offset, ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length; at += Unit)
        {
            var piece = bytes.Slice(at, Math.Min(Unit, bytes.Length - at));
            var there = _bytes.AsSpan(offset + at, piece.Length);
            var unit = (offset + at) / Unit;
            ref var word = ref _come[unit / 64];
            var bit = 1UL << (unit % 64);
            if ((word & bit) == 0)
            {
                piece.CopyTo(there);
                word |= bit;
                _units++;
            }
            else if (!piece.SequenceEqual(there))
            {
                return false;
            }
        }
        return true;
    }
}

/// <summary>How a fragment fits to those before it.</summary>
internal enum Fit
{
    /// <summary>It brought something.</summary>
    Taken,

    /// <summary>All of it was there already.</summary>
    Known,

    /// <summary>It is at odds with what came before: nobody can say what the datagram was.</summary>
    Contradicts,
}

/// <summary>What tells datagrams apart whose fragments are under way.</summary>
internal readonly record struct FragmentKey(ulong FromHigh, ulong FromLow, ulong ToHigh, ulong ToLow, ulong Network, uint Id, int Protocol);
