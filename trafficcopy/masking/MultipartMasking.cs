namespace Pressure.TrafficCopy;

/// <summary>Masks parts of forms that are sent as <c>multipart/form-data</c>.</summary>
internal static class MultipartMasking
{
    private const int LongestBoundary = 70;

    /// <summary>Masks a body, or finds that it is not what its type says: then nothing of it may be kept.</summary>
    public static bool TryMask(ref MaskedText text, ReadOnlySpan<byte> contentType, bool isCut, MaskedNames names)
    {
        var boundary = Parameter(contentType, "boundary"u8);
        if (boundary.IsEmpty || boundary.Length > LongestBoundary)
            return false;
        Span<byte> delimiter = stackalloc byte[LongestBoundary + 2];
        "--"u8.CopyTo(delimiter);
        boundary.CopyTo(delimiter[2..]);
        delimiter = delimiter[..(boundary.Length + 2)];
        var at = text.Source.IndexOf(delimiter);
        if (at < 0)
            return text.Source.IsEmpty || (isCut && text.Source.Length < delimiter.Length);
        while (true)
        {
            at += delimiter.Length;
            var part = text.Source[at..];
            if (part.StartsWith("--"u8))
                return true;
            var next = part.IndexOf(delimiter);
            if (next < 0 && !isCut)
                return false;
            if (!MaskPart(ref text, at, next < 0 ? part : part[..next], isLast: next < 0, names))
                return false;
            if (next < 0)
                return true;
            at += next;
        }
    }

    /// <summary>A part: the rest of the delimiter's line, fields, an empty line, what it holds, and the end of line that belongs to the next delimiter.</summary>
    private static bool MaskPart(ref MaskedText text, int at, ReadOnlySpan<byte> part, bool isLast, MaskedNames names)
    {
        var (end, gap) = (part.IndexOf("\r\n\r\n"u8), 4);
        if (part.IndexOf("\n\n"u8) is >= 0 and var bare && (end < 0 || bare < end))
            (end, gap) = (bare, 2);
        if (end < 0)
        {
            // Cut within its fields: whatever it was, it is not there. A whole body is none without them.
            if (isLast)
                text.Replace(at, part.Length, []);
            return isLast;
        }

        var name = NameOf(part[..end]);
        var value = part[(end + gap)..];
        if (!isLast)
            value = value.EndsWith("\r\n"u8) ? value[..^2] : value.EndsWith("\n"u8) ? value[..^1] : value;
        if (names.Has(name))
            text.Mask(at + end + gap, value.Length);
        return true;
    }

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> fields)
    {
        while (!fields.IsEmpty)
        {
            var end = fields.IndexOf((byte)'\n');
            var line = end < 0 ? fields : fields[..end];
            fields = end < 0 ? [] : fields[(end + 1)..];
            var colon = line.IndexOf((byte)':');
            if (colon > 0 && System.Text.Ascii.EqualsIgnoreCase(line[..colon].Trim(" \t\r"u8), "content-disposition"u8))
                return Parameter(line[(colon + 1)..], "name"u8);
        }

        return [];
    }

    /// <summary>A parameter of a field's value: <c>form-data; name="a"</c>.</summary>
    private static ReadOnlySpan<byte> Parameter(ReadOnlySpan<byte> value, ReadOnlySpan<byte> lowerName)
    {
        while (value.IndexOf((byte)';') is >= 0 and var semicolon)
        {
            value = value[(semicolon + 1)..].TrimStart(" \t"u8);
            var equals = value.IndexOf((byte)'=');
            if (equals < 0)
                return [];
            var isIt = System.Text.Ascii.EqualsIgnoreCase(value[..equals].TrimEnd(" \t"u8), lowerName);
            value = value[(equals + 1)..].TrimStart(" \t"u8);
            var content = Content(ref value);
            if (isIt)
                return content;
        }

        return [];
    }

    private static ReadOnlySpan<byte> Content(scoped ref ReadOnlySpan<byte> value)
    {
        if (value is [(byte)'"', ..])
        {
            var quote = value[1..].IndexOf((byte)'"');
            var quoted = quote < 0 ? value[1..] : value[1..(quote + 1)];
            value = value[(1 + quoted.Length)..];
            return quoted;
        }

        var end = value.IndexOf((byte)';');
        return (end < 0 ? value : value[..end]).Trim(" \t\r"u8);
    }
}
