using System.Buffers;

namespace Pressure.LoadGen.Engine;

/// <summary>What <see cref="LineReader.Take"/> found.</summary>
internal enum LineResult
{
    /// <summary>The line goes on in bytes that have not come yet.</summary>
    NeedMore,

    /// <summary>A whole line.</summary>
    Line,

    /// <summary>The line is longer than allowed.</summary>
    TooLong,
}

/// <summary>
/// Cuts lines out of pieces that may end anywhere. A line within one piece is not copied; only one that crosses pieces is put
/// together, in a pooled buffer. A line ends at LF; a CR before it belongs to the end (RFC 9112, 2.2).
/// </summary>
internal struct LineReader
{
    private byte[]? _held;
    private int _length;

    /// <summary>Takes the next line, without its end, off <paramref name="input"/>; the end counts for <paramref name="limit"/>.</summary>
    public LineResult Take(ref ReadOnlySpan<byte> input, int limit, out ReadOnlySpan<byte> line, out int taken)
    {
        line = default;
        var end = input.IndexOf((byte)'\n');
        var piece = end < 0 ? input : input[..(end + 1)];
        taken = _length + piece.Length;
        if (taken > limit)
            return LineResult.TooLong;
        input = input[piece.Length..];
        if (end < 0)
        {
            Hold(piece);
            return LineResult.NeedMore;
        }

        if (_length > 0)
        {
            Hold(piece);
            piece = _held.AsSpan(0, _length);
            _length = 0;
        }

        line = piece[..^1];
        if (line.Length > 0 && line[^1] == '\r')
            line = line[..^1];
        return LineResult.Line;
    }

    /// <summary>Forgets a line begun and gives the buffer back.</summary>
    public void Reset()
    {
        _length = 0;
        if (_held is null)
            return;
        ArrayPool<byte>.Shared.Return(_held);
        _held = null;
    }

    private void Hold(ReadOnlySpan<byte> piece)
    {
        if (_held is null || _held.Length < _length + piece.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(256, _length + piece.Length));
            _held.AsSpan(0, _length).CopyTo(larger);
            if (_held is not null)
                ArrayPool<byte>.Shared.Return(_held);
            _held = larger;
        }

        piece.CopyTo(_held.AsSpan(_length));
        _length += piece.Length;
    }
}
