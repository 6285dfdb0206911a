namespace Pressure.TrafficCopy;

/// <summary>
/// HPACK's Huffman code (RFC 7541, appendix B). It is canonical: the lengths say all, since codes of one length follow one another in the order of their symbols.
/// </summary>
internal static class HuffmanCode
{
    private const int Longest = 30;

    /// <summary>How many bits each byte takes; the end of the text, which never stands in it, takes 30.</summary>
    private static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
    ];

    private static readonly Decoding Table = new();

    /// <summary>Decodes a text; -1 if it is none, or does not fit.</summary>
    public static int Decode(ReadOnlySpan<byte> coded, Span<byte> to)
    {
        var (code, bits, length) = (0, 0, 0);
        foreach (var piece in coded)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                code = (code << 1) | ((piece >> bit) & 1);
                if (++bits > Longest)
                    return -1;
                if (!Table.TryFind(code, bits, out var symbol))
                    continue;
                if (length == to.Length)
                    return -1;
                to[length++] = symbol;
                (code, bits) = (0, 0);
            }
        }
        // The last byte is filled up with ones, fewer than a byte of them.
        return bits < 8 && code == (1 << bits) - 1 ? length : -1;
    }

    /// <summary>The first code of each length, and where its symbols begin in the order of codes.</summary>
    private sealed class Decoding
    {
        private readonly int[] _first = new int[Longest + 1];
        private readonly int[] _count = new int[Longest + 1];
        private readonly int[] _start = new int[Longest + 1];
        private readonly byte[] _symbols = new byte[256];

        public Decoding()
        {
            var (next, code) = (0, 0);
            for (var bits = 1; bits <= Longest; bits++, code <<= 1)
            {
                (_first[bits], _start[bits]) = (code, next);
                for (var symbol = 0; symbol < Lengths.Length; symbol++)
                {
                    if (Lengths[symbol] != bits)
                        continue;
                    _symbols[next++] = (byte)symbol;
                    code++;
                }
                _count[bits] = next - _start[bits];
            }
        }

        public bool TryFind(int code, int bits, out byte symbol)
        {
            var place = code - _first[bits];
            var isThere = place >= 0 && place < _count[bits];
            symbol = isThere ? _symbols[_start[bits] + place] : (byte)0;
            return isThere;
        }
    }
}
