namespace Pressure.TrafficCopy;

/// <summary>What came of a connection and can't be read yet, in order: bytes, gaps and ends of its sides.</summary>
internal sealed class WaitingBytes(MemoryAllowance memory)
{
    private const int PieceCost = 32;

    private readonly Queue<Piece> _pieces = new();
    private HeldBytes _bytes;
    private int _read;
    private int _readOfFirst;

    /// <summary>What kind of piece.</summary>
    public enum Kind
    {
        /// <summary>Bytes.</summary>
        Bytes,

        /// <summary>Bytes that are missing.</summary>
        Gap,

        /// <summary>The side's end.</summary>
        Finish,
    }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _pieces.Count == 0;

    /// <summary>Adds bytes; false where there is no room.</summary>
    public bool TryAdd(Side from, ReadOnlySpan<byte> bytes, long at)
    {
        if (!memory.TryTake(PieceCost))
            return false;
        if (!_bytes.TryAdd(bytes, memory))
        {
            memory.Give(PieceCost);
            return false;
        }
        _pieces.Enqueue(new Piece(Kind.Bytes, from, bytes.Length, at));
        return true;
    }

    /// <summary>Adds a gap or an end; false where there is no room.</summary>
    public bool TryAdd(Kind kind, Side from, long count, long at)
    {
        if (!memory.TryTake(PieceCost))
            return false;
        _pieces.Enqueue(new Piece(kind, from, count, at));
        return true;
    }

    /// <summary>The first piece, and what is left of its bytes.</summary>
    public Piece Peek(out ReadOnlySpan<byte> bytes)
    {
        var piece = _pieces.Peek();
        bytes = piece.Kind == Kind.Bytes ? _bytes.Span.Slice(_read, (int)piece.Count - _readOfFirst) : default;
        return piece;
    }

    /// <summary>So many bytes of the first piece have been read; the piece goes with its last one.</summary>
    public void Advance(int bytes)
    {
        (_read, _readOfFirst) = (_read + bytes, _readOfFirst + bytes);
        if (_pieces.Peek() is { Kind: Kind.Bytes } piece && _readOfFirst < piece.Count)
            return;
        _readOfFirst = 0;
        _pieces.Dequeue();
        memory.Give(PieceCost);
        if (_pieces.Count == 0)
            Clear();
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        memory.Give((long)PieceCost * _pieces.Count);
        _pieces.Clear();
        _bytes.Clear(memory);
        (_read, _readOfFirst) = (0, 0);
    }

    /// <summary>A piece.</summary>
    /// <param name="Kind">What kind.</param>
    /// <param name="From">Whose.</param>
    /// <param name="Count">How many bytes, there or missing.</param>
    /// <param name="At">When.</param>
    public readonly record struct Piece(Kind Kind, Side From, long Count, long At);
}
