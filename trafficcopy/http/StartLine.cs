using System.Buffers;

namespace Pressure.TrafficCopy;

/// <summary>What methods mean for framing.</summary>
internal enum MethodKind
{
    /// <summary>Nothing special.</summary>
    Ordinary,

    /// <summary>HEAD: its response has no body.</summary>
    Head,

    /// <summary>CONNECT: a response 2xx makes a tunnel.</summary>
    Connect,
}

/// <summary>Start lines of HTTP/1.x: whether something is one, and what it says.</summary>
internal static class StartLine
{
    private const int LongestMethod = 32;

    private static readonly SearchValues<byte> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly string[] Known =
    [
        "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK",
        "SEARCH", "M-SEARCH", "NOTIFY", "REPORT", "PURGE", "QUERY",
    ];

    private static readonly byte[][] KnownMethods = [.. Known.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>Whether all of it may stand in a method or in a field's name.</summary>
    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && text.IndexOfAnyExcept(Token) < 0;

    /// <summary>Whether a message of this side can begin so, as far as it is known.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> bytes, Side side) => side == Side.Server ? MayBeginResponse(bytes) : MayBeginRequest(bytes);

    /// <summary>Reads a status line, without its end.</summary>
    public static bool TryReadStatus(ReadOnlySpan<byte> line, out int minor, out int status)
    {
        (minor, status) = (0, 0);
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || !char.IsAsciiDigit((char)line[7]) || line[8] != ' ')
            return false;
        minor = line[7] - '0';
        var digits = line[9..].TrimStart((byte)' ');
        if (digits.Length < 3 || !IsDigit(digits[0]) || !IsDigit(digits[1]) || !IsDigit(digits[2]) || digits.Length > 3 && digits[3] != ' ')
            return false;
        status = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + digits[2] - '0';
        return status >= 100;
    }

    /// <summary>Reads a request line, without its end.</summary>
    public static bool TryReadRequest(ReadOnlySpan<byte> line, out int minor, out MethodKind method)
    {
        (minor, method) = (0, MethodKind.Ordinary);
        var space = line.IndexOf((byte)' ');
        // "A / HTTP/1.1" is the shortest.
        if (space is < 1 or > LongestMethod || line.Length < space + 11 || !IsToken(line[..space]))
            return false;
        var version = line[^9..];
        if (!version.StartsWith(" HTTP/1."u8) || !IsDigit(version[8]))
            return false;
        minor = version[8] - '0';
        if (line[..space].SequenceEqual("HEAD"u8))
            method = MethodKind.Head;
        else if (line[..space].SequenceEqual("CONNECT"u8))
            method = MethodKind.Connect;
        return true;
    }

    /// <summary>How many of the last bytes are the name of a known method; 0 for none.</summary>
    public static int KnownMethodBefore(ReadOnlySpan<byte> bytes)
    {
        var longest = 0;
        foreach (var method in KnownMethods)
            if (method.Length > longest && bytes.EndsWith(method))
                longest = method.Length;
        return longest;
    }

    private static bool MayBeginResponse(ReadOnlySpan<byte> bytes)
    {
        var version = "HTTP/1."u8;
        return bytes.Length < version.Length ? version.StartsWith(bytes) : bytes.StartsWith(version);
    }

    private static bool MayBeginRequest(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOfAnyExcept(Token);
        return end < 0 ? bytes.Length <= LongestMethod : end is > 0 and <= LongestMethod && bytes[end] == ' ';
    }

    private static bool IsDigit(byte value) => char.IsAsciiDigit((char)value);
}
