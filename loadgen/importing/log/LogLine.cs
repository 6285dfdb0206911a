using System.Buffers.Text;

namespace Pressure.LoadGen.Importing;

/// <summary>What a line turned out to be.</summary>
internal enum LogLineKind
{
    /// <summary>A request.</summary>
    Request,

    /// <summary>Neither common nor combined format.</summary>
    Unknown,

    /// <summary>A line of the format, but what was asked is no HTTP request: scanners, TLS on the plain port, broken connections.</summary>
    NoRequest,
}

/// <summary>
/// A line of an access log:
/// <code>
/// [vhost] client ident user [10/Oct/2023:13:55:36 +0800] "GET /path?query HTTP/1.1" 200 2326 "referer" "agent" more
/// </code>
/// Everything behind the status is left alone, so that extra fields do no harm.
/// </summary>
internal readonly ref struct LogLine
{
    public ReadOnlySpan<byte> Host { get; private init; }

    public LogTime Time { get; private init; }

    public ReadOnlySpan<byte> Method { get; private init; }

    public ReadOnlySpan<byte> Target { get; private init; }

    public int Status { get; private init; }

    public static LogLineKind Parse(ReadOnlySpan<byte> line, out LogLine parsed)
    {
        parsed = default;
        var open = FindTime(line, out var time);
        if (open < 0)
            return LogLineKind.Unknown;
        var behind = line[(open + LogTime.Length + 2)..];
        if (!behind.StartsWith(" \""u8))
            return LogLineKind.Unknown;
        var asked = behind[2..];
        var close = ClosingQuote(asked);
        if (close < 0 || !TryStatus(asked[(close + 1)..], out var status))
            return LogLineKind.Unknown;
        asked = asked[..close];
        var first = asked.IndexOf((byte)' ');
        var last = asked.LastIndexOf(" HTTP/"u8);
        if (first is < 3 or > 20 || last <= first + 1 || asked[..first].ContainsAnyExceptInRange((byte)'A', (byte)'Z') || asked[first + 1] != '/')
            return LogLineKind.NoRequest;
        parsed = new() { Host = HostOf(line[..open]), Time = time, Method = asked[..first], Target = asked[(first + 1)..last], Status = status };
        return LogLineKind.Request;
    }

    /// <summary>The bracket before the time; a user's name may hold brackets of its own.</summary>
    private static int FindTime(ReadOnlySpan<byte> line, out LogTime time)
    {
        time = default;
        for (var at = 0; at < line.Length; at++)
        {
            var next = line[at..].IndexOf((byte)'[');
            if (next < 0 || (at += next) + LogTime.Length + 2 > line.Length)
                return -1;
            if (line[at + LogTime.Length + 1] == ']' && LogTime.TryParse(line.Slice(at + 1, LogTime.Length), out time))
                return at;
        }
        return -1;
    }

    /// <summary>Apache writes quotes within as \", nginx as \x22.</summary>
    private static int ClosingQuote(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
                return -1;
            at += next;
            if (text[at] == '"')
                return at;
            at++;
        }
        return -1;
    }

    private static bool TryStatus(ReadOnlySpan<byte> text, out int status)
    {
        status = 0;
        return text.Length > 1 && text[0] == ' ' && Utf8Parser.TryParse(text[1..], out status, out var length) && length == 3
            && (text.Length == 4 || text[4] == ' ') && status >= 100;
    }

    /// <summary>Apache's vhost_combined puts <c>host:port</c> before the client.</summary>
    private static ReadOnlySpan<byte> HostOf(ReadOnlySpan<byte> before)
    {
        before = before.TrimEnd((byte)' ');
        if (before.Count((byte)' ') != 3)
            return [];
        var host = before[..before.IndexOf((byte)' ')];
        var rest = before[(host.Length + 1)..];
        var ident = rest[(rest.IndexOf((byte)' ') + 1)..];
        return ident.StartsWith("- "u8) && !rest.StartsWith("- "u8) ? host : [];
    }
}
