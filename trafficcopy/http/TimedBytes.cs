namespace Pressure.TrafficCopy;

/// <summary>Bytes one after the other, and when they came.</summary>
internal struct TimedBytes
{
    /// <summary>Bytes that came in more pieces than this are taken for as old as the piece before them.</summary>
    private const int MostPieces = 64;

    private HeldBytes _bytes;
    private List<(int From, long At)>? _pieces;

    /// <summary>How many.</summary>
    public readonly int Length => _bytes.Length;

    /// <summary>They.</summary>
    public readonly ReadOnlySpan<byte> Span => _bytes.Span;

    /// <summary>When the first of them came.</summary>
    public readonly long At => _pieces![0].At;

    /// <summary>Adds bytes; false, and nothing added, where there is no room.</summary>
    public bool TryAdd(ReadOnlySpan<byte> bytes, long at, MemoryAllowance memory)
    {
        var from = _bytes.Length;
        if (!_bytes.TryAdd(bytes, memory))
            return false;
        _pieces ??= [];
        if (_pieces.Count < MostPieces)
            _pieces.Add((from, at));
        return true;
    }

    /// <summary>Forgets the first ones.</summary>
    public void RemoveFirst(int count)
    {
        _bytes.RemoveFirst(count);
        for (var i = 0; i < _pieces!.Count; i++)
            _pieces[i] = (Math.Max(0, _pieces[i].From - count), _pieces[i].At);
        // Of several that begin at the front now all but the last are gone.
        while (_pieces.Count > 1 && _pieces[1].From == 0)
            _pieces.RemoveAt(0);
        if (_bytes.Length == 0)
            _pieces.Clear();
    }

    /// <summary>Forgets the last ones.</summary>
    public void CutTo(int length)
    {
        _bytes.CutTo(length);
        while (_pieces is [.., var last] && last.From >= length)
            _pieces.RemoveAt(_pieces.Count - 1);
    }

    /// <summary>Gives them away, with their room.</summary>
    public HeldBytes Give()
    {
        var given = _bytes;
        _bytes = default;
        _pieces?.Clear();
        return given;
    }

    /// <summary>Forgets all, and gives the room back.</summary>
    public void Clear(MemoryAllowance memory)
    {
        _bytes.Clear(memory);
        _pieces?.Clear();
    }
}
