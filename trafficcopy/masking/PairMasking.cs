using System.Buffers.Text;

namespace Pressure.TrafficCopy;

/// <summary>Masks values of pairs: queries and forms (<c>a=1&amp;b=2</c>), cookies (<c>a=1; b=2</c>).</summary>
internal static class PairMasking
{
    /// <summary>Masks in a part of a text.</summary>
    public static void Mask(ref MaskedText text, int at, int length, byte separator, MaskedNames names)
    {
        var end = at + length;
        while (at < end)
        {
            var pair = text.Source[at..end];
            var stop = pair.IndexOf(separator);
            if (stop >= 0)
                pair = pair[..stop];
            MaskPair(ref text, at, pair, names, isCookie: separator == ';');
            at += pair.Length + 1;
        }
    }

    /// <summary>Masks one pair, or not. A cookie without a name is all value.</summary>
    public static void MaskPair(ref MaskedText text, int at, ReadOnlySpan<byte> pair, MaskedNames names, bool isCookie)
    {
        var equals = pair.IndexOf((byte)'=');
        var name = (equals < 0 ? [] : pair[..equals]).Trim(" \t"u8);
        var valueAt = equals + 1;
        while (valueAt < pair.Length && pair[valueAt] is (byte)' ' or (byte)'\t')
            valueAt++;
        var value = pair[valueAt..].TrimEnd(" \t"u8);
        if ((equals < 0 && !isCookie) || value.IsEmpty)
            return;
        var masked = isCookie ? names.Has(name) : names.Has(Meaning(name, stackalloc byte[256])) || names.HasValue(value);
        if (masked && isCookie)
            text.Mask(at + valueAt, value.Length);
        else if (masked)
            text.Mask(at + valueAt, value.Length, Meaning(value, stackalloc byte[256]));
    }

    private static ReadOnlySpan<byte> Meaning(ReadOnlySpan<byte> text, Span<byte> room)
    {
        if (text.IndexOfAny((byte)'%', (byte)'+') < 0)
            return text;
        if (room.Length < text.Length)
            room = new byte[text.Length];
        return room[..Unescape(text, room)];
    }

    /// <summary>Undoes percent encoding and plus signs, as far as they are right, and gives the length.</summary>
    private static int Unescape(ReadOnlySpan<byte> text, Span<byte> to)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && Utf8Parser.TryParse(text.Slice(i + 1, 2), out byte value, out var read, 'x') && read == 2)
            {
                to[length++] = value;
                i += 2;
            }
            else
            {
                to[length++] = text[i] == '+' ? (byte)' ' : text[i];
            }
        }

        return length;
    }
}
