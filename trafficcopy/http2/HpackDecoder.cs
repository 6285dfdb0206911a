namespace Pressure.TrafficCopy;

/// <summary>Decodes one direction's header blocks (RFC 7541), each of which builds on those before it.</summary>
internal sealed class HpackDecoder
{
    /// <summary>All fields of a block together, decoded, are never longer.</summary>
    private const int LongestBlock = 256 << 10;

    private readonly HpackTable _table = new();

    /// <summary>Decodes a block; null if it is none: what comes after it can't be decoded either.</summary>
    public List<HpackField>? Decode(ReadOnlySpan<byte> block)
    {
        var fields = new List<HpackField>();
        var size = 0;
        while (!block.IsEmpty)
        {
            int first = block[0];
            if ((first & 0xE0) == 0x20)
            {
                if (!TryReadNumber(ref block, 5, out var most) || !_table.TryResize(most))
                    return null;
                continue;
            }
            if (ReadField(ref block, first) is not { } field || (size += field.Size) > LongestBlock)
                return null;
            fields.Add(field);
        }
        return fields;
    }

    private HpackField? ReadField(ref ReadOnlySpan<byte> block, int first)
    {
        if ((first & 0x80) != 0)
            return TryReadNumber(ref block, 7, out var whole) ? _table[whole] : null;
        // 01 is to be kept in the table, 0000 and 0001 are not.
        var isKept = (first & 0x40) != 0;
        if (!TryReadNumber(ref block, isKept ? 6 : 4, out var number))
            return null;
        var name = number == 0 ? ReadText(ref block) : _table[number]?.Name;
        if (name is null || ReadText(ref block) is not { } value)
            return null;
        var field = new HpackField(name, value);
        if (isKept)
            _table.Add(field);
        return field;
    }

    private static byte[]? ReadText(ref ReadOnlySpan<byte> block)
    {
        if (block.IsEmpty)
            return null;
        var isCoded = (block[0] & 0x80) != 0;
        if (!TryReadNumber(ref block, 7, out var length) || length > block.Length)
            return null;
        var text = block[..length];
        block = block[length..];
        if (!isCoded)
            return text.ToArray();
        // The shortest codes have five bits.
        var room = new byte[(length * 8 / 5) + 1];
        var decoded = HuffmanCode.Decode(text, room);
        return decoded < 0 ? null : room[..decoded];
    }

    /// <summary>A number that begins in the last bits of a byte (RFC 7541, 5.1).</summary>
    private static bool TryReadNumber(ref ReadOnlySpan<byte> block, int bits, out int number)
    {
        var most = (1 << bits) - 1;
        number = block.IsEmpty ? 0 : block[0] & most;
        if (block.IsEmpty)
            return false;
        block = block[1..];
        if (number < most)
            return true;
        for (var shift = 0; shift <= 21 && !block.IsEmpty; shift += 7)
        {
            int more = block[0];
            block = block[1..];
            number += (more & 0x7F) << shift;
            if ((more & 0x80) == 0)
                return true;
        }
        return false;
    }
}
