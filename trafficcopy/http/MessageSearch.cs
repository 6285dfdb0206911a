using System.Buffers;

namespace Pressure.TrafficCopy;

/// <summary>
/// Finds where the next message begins in bytes of which nobody knows what they are. It is believed only with its whole first line and the beginning of a field
/// (or the empty line) after it.
/// </summary>
internal static class MessageSearch
{
    private const int LongestStatusLine = 512;
    private const int LongestRequestLine = 8 << 10;

    private static readonly SearchValues<byte> Capitals = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_"u8);

    /// <summary>Where one begins; else -1, and from where on one may begin that is not whole yet.</summary>
    public static int Find(ReadOnlySpan<byte> bytes, Side side, out int undecided) =>
        side == Side.Server ? FindResponse(bytes, out undecided) : FindRequest(bytes, out undecided);

    private static int FindResponse(ReadOnlySpan<byte> bytes, out int undecided)
    {
        for (var from = 0; bytes[from..].IndexOf("HTTP/1."u8) is var found and >= 0; from += found + 1)
        {
            var start = from + found;
            var rest = bytes[start..];
            var end = rest[..Math.Min(rest.Length, LongestStatusLine)].IndexOf((byte)'\n');
            undecided = start;
            if (end < 0 && rest.Length < LongestStatusLine)
                return -1;
            if (end < 0 || !StartLine.TryReadStatus(WithoutReturn(rest[..end]), out _, out _))
                continue;
            if (FieldBegins(rest[(end + 1)..]) is not { } begins)
                return -1;
            if (begins)
                return start;
        }
        undecided = bytes.Length - Common(bytes, "HTTP/1."u8);
        return -1;
    }

    private static int FindRequest(ReadOnlySpan<byte> bytes, out int undecided)
    {
        for (var from = 0; bytes[from..].IndexOf(" HTTP/1."u8) is var found and >= 0; from += found + 1)
        {
            var version = from + found;
            var start = RequestStart(bytes[..version]);
            var rest = bytes[version..];
            if (start < 0 || rest.Length > 9 && rest[9] is not ((byte)'\r' or (byte)'\n'))
                continue;
            undecided = start;
            var end = rest[..Math.Min(rest.Length, 12)].IndexOf((byte)'\n');
            if (end < 0 && rest.Length < 11)
                return -1;
            if (end < 0 || !StartLine.TryReadRequest(WithoutReturn(bytes[start..(version + end)]), out _, out _))
                continue;
            if (FieldBegins(rest[(end + 1)..]) is not { } begins)
                return -1;
            if (begins)
                return start;
        }
        undecided = UnfinishedRequest(bytes);
        return -1;
    }

    /// <summary>Where the request line begins whose target ends here; -1 where it does not.</summary>
    private static int RequestStart(ReadOnlySpan<byte> upToTarget)
    {
        var line = upToTarget[Math.Max(upToTarget.LastIndexOf((byte)'\n') + 1, upToTarget.Length - LongestRequestLine)..];
        var space = line.LastIndexOf((byte)' ');
        if (space < 1 || space == line.Length - 1)
            return -1;
        var skipped = upToTarget.Length - line.Length;
        // Where a line begins any method in capitals will do; after a body, or a gap, only one that is known.
        if (skipped > 0 && upToTarget[skipped - 1] == '\n' && space is >= 3 and <= 32 && line[..space].IndexOfAnyExcept(Capitals) < 0)
            return skipped;
        var known = StartLine.KnownMethodBefore(line[..space]);
        return known > 0 ? skipped + space - known : -1;
    }

    /// <summary>From where on the last bytes may be a request line that is not whole.</summary>
    private static int UnfinishedRequest(ReadOnlySpan<byte> bytes)
    {
        var from = Math.Max(bytes.LastIndexOf((byte)'\n') + 1, bytes.Length - LongestRequestLine);
        for (var line = bytes[from..]; line.IndexOf((byte)' ') is var space and >= 0; line = line[(space + 1)..])
        {
            var known = StartLine.KnownMethodBefore(line[..space]);
            if (known > 0)
                return bytes.Length - line.Length + space - known;
        }
        // A method's name may be cut.
        return Math.Max(from, bytes.Length - 10);
    }

    /// <summary>Whether what follows a start line is a field, or the empty line; null where it is not known yet.</summary>
    private static bool? FieldBegins(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return null;
        if (bytes[0] == '\n' || bytes.StartsWith("\r\n"u8))
            return true;
        if (bytes[0] == '\r')
            return bytes.Length == 1 ? null : false;
        var colon = bytes[..Math.Min(bytes.Length, 128)].IndexOf((byte)':');
        if (colon < 0)
            return bytes.Length < 128 && StartLine.IsToken(bytes) ? null : false;
        return StartLine.IsToken(bytes[..colon]);
    }

    private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) => line is [.., (byte)'\r'] ? line[..^1] : line;

    /// <summary>How many of the last bytes are the beginning of something.</summary>
    private static int Common(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> start)
    {
        for (var length = Math.Min(bytes.Length, start.Length - 1); length > 0; length--)
            if (bytes.EndsWith(start[..length]))
                return length;
        return 0;
    }
}
