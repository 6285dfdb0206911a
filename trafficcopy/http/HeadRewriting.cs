namespace Pressure.TrafficCopy;

/// <summary>Writes an unclean head anew: every line ended by CRLF, folded lines joined, CR and NUL within lines as spaces, no empty line at the end.</summary>
internal static class HeadRewriting
{
    /// <summary>The most that a head can become.</summary>
    public static int MostOf(int length) => length * 2 + 2;

    /// <summary>Writes it, and tells how long it became.</summary>
    public static int Rewrite(ReadOnlySpan<byte> head, Span<byte> to)
    {
        var length = 0;
        while (!head.IsEmpty)
        {
            var line = HeadLine.Cut(ref head);
            if (line.IsEmpty)
                break;
            // A fold becomes one space; one right after the start line stays a line of its own, since there is no field to add it to.
            var isFold = line[0] is (byte)' ' or (byte)'\t' && to[..length].Count((byte)'\n') > 1;
            if (isFold)
            {
                length = to[..(length - 2)].TrimEnd(" \t"u8).Length;
                to[length++] = (byte)' ';
                line = line.TrimStart(" \t"u8);
            }
            length += Line(line, to[length..]);
        }
        return length;
    }

    private static int Line(ReadOnlySpan<byte> line, Span<byte> to)
    {
        line.CopyTo(to);
        for (var rest = to[..line.Length]; rest.IndexOfAny((byte)'\r', (byte)0) is var at and >= 0; rest = rest[(at + 1)..])
            rest[at] = (byte)' ';
        "\r\n"u8.CopyTo(to[line.Length..]);
        return line.Length + 2;
    }
}
