using System.Buffers;

namespace Pressure.TrafficCopy;

/// <summary>Bytes of one direction that can't be handed on yet, or a stretch that is known to be lost.</summary>
internal struct HeldPiece
{
    /// <summary>Position of its first byte.</summary>
    public long Start;

    /// <summary>How long it is.</summary>
    public int Length;

    /// <summary>The bytes, from the beginning; null for a stretch that is lost.</summary>
    public byte[]? Bytes;

    /// <summary>When it was captured.</summary>
    public long At;

    /// <summary>Up to where its sender knew the other direction when it was sent.</summary>
    public long Acknowledged;

    /// <summary>The how-manieth of its connection.</summary>
    public long Arrival;

    public readonly long End => Start + Length;
}

/// <summary>
/// What one direction holds out of order: pieces that do not overlap, by position. The first byte that came for a position stays. Finding a place takes a binary
/// search, and a piece that is put in between others moves four bytes for each that follows, so hostile orders cost little.
/// </summary>
internal sealed class HeldPieces
{
    /// <summary>What is counted for a piece besides its bytes.</summary>
    public const int CostOfPiece = 64;

    private HeldPiece[] _pieces = new HeldPiece[8];
    private int[] _order = new int[8];
    private int[] _free = [7, 6, 5, 4, 3, 2, 1, 0];
    private int _freeCount = 8;
    private int _first;

    /// <summary>Pieces.</summary>
    public int Count { get; private set; }

    /// <summary>Memory that is taken.</summary>
    public long Cost { get; private set; }

    /// <summary>The piece with the lowest position, if there is one.</summary>
    public ref readonly HeldPiece First => ref _pieces[_order[_first]];

    /// <summary>Adds what is not there yet.</summary>
    public void Add(in HeldPiece what, ReadOnlySpan<byte> bytes, ref PayloadTally tally)
    {
        var (at, end) = (what.Start, what.Start + bytes.Length);
        for (var i = FirstEndingAfter(at); at < end; i++)
        {
            var from = (int)(at - what.Start);
            if (i < Count && Piece(i).Start <= at)
            {
                var known = (int)(Math.Min(Piece(i).End, end) - at);
                Compare(Piece(i), at, bytes.Slice(from, known), ref tally);
                at += known;
                continue;
            }
            var length = (int)((i < Count ? Math.Min(Piece(i).Start, end) : end) - at);
            Insert(i, what with { Start = at, Length = length, Bytes = Copied(bytes.Slice(from, length)) });
            tally.New += length;
            at += length;
        }
    }

    /// <summary>Notes that a stretch is lost for good, as far as nothing of it is there.</summary>
    public void AddLost(in HeldPiece what)
    {
        var (at, end) = (what.Start, what.End);
        for (var i = FirstEndingAfter(at); at < end; i++)
        {
            if (i < Count && Piece(i).Start <= at)
            {
                at = Piece(i).End;
                continue;
            }
            var length = (int)((i < Count ? Math.Min(Piece(i).Start, end) : end) - at);
            Insert(i, what with { Start = at, Length = length, Bytes = null });
            at += length;
        }
    }

    /// <summary>Takes the first one out.</summary>
    public void RemoveFirst()
    {
        var slot = _order[_first];
        Cost -= CostOf(_pieces[slot]);
        if (_pieces[slot].Bytes is { } bytes)
            ArrayPool<byte>.Shared.Return(bytes);
        _pieces[slot].Bytes = null;
        _free[_freeCount++] = slot;
        _first = --Count == 0 ? 0 : _first + 1;
    }

    private static long CostOf(in HeldPiece piece) => CostOfPiece + (piece.Bytes?.Length ?? 0);

    private static byte[] Copied(ReadOnlySpan<byte> bytes)
    {
        var copy = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(copy);
        return copy;
    }

    private static void Compare(in HeldPiece piece, long at, ReadOnlySpan<byte> bytes, ref PayloadTally tally)
    {
        if (piece.Bytes is null)
        {
            tally.Late += bytes.Length;
            return;
        }
        var known = piece.Bytes.AsSpan((int)(at - piece.Start), bytes.Length);
        var differing = 0;
        if (!known.SequenceEqual(bytes))
        {
            for (var i = 0; i < bytes.Length; i++)
                differing += bytes[i] != known[i] ? 1 : 0;
        }
        tally.Conflicting += differing;
        tally.Known += bytes.Length - differing;
    }

    private ref HeldPiece Piece(int i) => ref _pieces[_order[_first + i]];

    private int FirstEndingAfter(long position)
    {
        // Most pieces come behind all others.
        if (Count == 0 || Piece(Count - 1).End <= position)
            return Count;
        var (low, high) = (0, Count - 1);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (Piece(middle).End <= position)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private void Insert(int i, in HeldPiece piece)
    {
        if (_freeCount == 0)
            Grow();
        if (_first + Count == _order.Length)
        {
            _order.AsSpan(_first, Count).CopyTo(_order);
            _first = 0;
        }
        var at = _first + i;
        _order.AsSpan(at, Count - i).CopyTo(_order.AsSpan(at + 1));
        var slot = _free[--_freeCount];
        _pieces[slot] = piece;
        _order[at] = slot;
        Count++;
        Cost += CostOf(piece);
    }

    private void Grow()
    {
        var old = _pieces.Length;
        Array.Resize(ref _pieces, old * 2);
        Array.Resize(ref _free, old * 2);
        // Twice the room, so that moving everything to the front is rare.
        Array.Resize(ref _order, old * 4);
        for (var slot = old * 2 - 1; slot >= old; slot--)
            _free[_freeCount++] = slot;
    }
}
