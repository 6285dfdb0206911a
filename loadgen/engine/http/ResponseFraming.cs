using System.Text;

namespace Pressure.LoadGen.Engine;

/// <summary>What a response's header fields say about where it ends and whether the connection lives on (RFC 9112, 6 and 9).</summary>
internal struct ResponseFraming
{
    private bool _close;
    private bool _keepAlive;
    private bool _transferEncoded;

    /// <summary>The body's length; null if not given.</summary>
    public long? ContentLength { get; private set; }

    /// <summary>The last transfer coding is chunked.</summary>
    public bool Chunked { get; private set; }

    /// <summary>There are transfer codings, and chunked is not the last: the body goes on until the connection closes.</summary>
    public readonly bool UntilClose => _transferEncoded ? !Chunked : ContentLength is null;

    /// <summary>
    /// Whether the connection may be used again. Not after Content-Length beside Transfer-Encoding, nor after Transfer-Encoding in
    /// HTTP/1.0: somebody on the way got the framing wrong (RFC 9112, 6.1 and 6.3).
    /// </summary>
    public readonly bool Persists(int minorVersion)
    {
        if (_close || (_transferEncoded && (ContentLength is not null || minorVersion == 0)))
            return false;
        return minorVersion > 0 || _keepAlive;
    }

    /// <summary>Takes a field in; false if its value is not valid. <paramref name="framing"/>: it is one that this type looks at.</summary>
    public bool Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, out bool framing)
    {
        framing = true;
        switch (name.Length)
        {
            case 10 when Ascii.EqualsIgnoreCase(name, "connection"u8):
                TakeConnection(value);
                return true;
            case 14 when Ascii.EqualsIgnoreCase(name, "content-length"u8):
                return TakeContentLength(value);
            case 17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8):
                return TakeTransferEncoding(value);
            default:
                framing = false;
                return true;
        }
    }

    private void TakeConnection(ReadOnlySpan<byte> value)
    {
        while (NextElement(ref value, out var option))
        {
            _close |= Ascii.EqualsIgnoreCase(option, "close"u8);
            _keepAlive |= Ascii.EqualsIgnoreCase(option, "keep-alive"u8);
        }
    }

    // Several equal lengths are one (RFC 9110, 8.6); different ones are not HTTP.
    private bool TakeContentLength(ReadOnlySpan<byte> value)
    {
        var any = false;
        while (NextElement(ref value, out var element))
        {
            if (!TryParseLength(element, out var length) || (ContentLength is { } before && before != length))
                return false;
            ContentLength = length;
            any = true;
        }

        return any;
    }

    private bool TakeTransferEncoding(ReadOnlySpan<byte> value)
    {
        while (NextElement(ref value, out var coding))
        {
            // Chunked is applied once and last.
            if (Chunked)
                return false;
            _transferEncoded = true;
            Chunked = Ascii.EqualsIgnoreCase(coding, "chunked"u8);
        }

        return _transferEncoded;
    }

    private static bool TryParseLength(ReadOnlySpan<byte> digits, out long length)
    {
        length = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9' || length > (long.MaxValue - 9) / 10)
                return false;
            length = length * 10 + (digit - '0');
        }

        return digits.Length > 0;
    }

    // Comma-separated lists; empty elements are skipped (RFC 9110, 5.6.1).
    private static bool NextElement(ref ReadOnlySpan<byte> list, out ReadOnlySpan<byte> element)
    {
        element = default;
        while (element.Length == 0 && list.Length > 0)
        {
            var comma = list.IndexOf((byte)',');
            element = (comma < 0 ? list : list[..comma]).Trim(" \t"u8);
            list = comma < 0 ? default : list[(comma + 1)..];
        }

        return element.Length > 0;
    }
}
