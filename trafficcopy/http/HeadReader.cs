using System.Buffers;
using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>
/// Reads what of a head matters for framing, by RFC 9112. Where others may read a request in another way it is ambiguous (<see cref="ExchangeMarks.Smuggling"/>),
/// and we read it so:
/// <list type="table">
/// <item><term>Transfer-Encoding beside Content-Length</term><description>Transfer-Encoding holds (6.3)</description></item>
/// <item><term>Transfer-Encoding of HTTP/1.0, or with a space before its colon</term><description>it holds</description></item>
/// <item><term>Transfer-Encoding of nothing but <c>identity</c></term><description>as if it was not there</description></item>
/// <item><term>any other that does not end in one <c>chunked</c>, or a length that differs from another or is no number</term>
/// <description>of a request nobody knows where it ends: what follows is passed over until the next request line</description></item>
/// <item><term>a framing field that is folded</term><description>as if it was not folded</description></item>
/// <item><term>CR or NUL within a line</term><description>a space</description></item>
/// <item><term>a line without a colon, or with spaces or control characters in its name</term><description>it has no meaning</description></item>
/// </list>
/// </summary>
internal ref struct HeadReader
{
    private static readonly SearchValues<byte> Graphic = SearchValues.Create([.. Enumerable.Range(0x21, 0x7f - 0x21).Select(value => (byte)value)]);

    private HeadFraming _read;
    private bool _hasCoding;
    private bool _endsChunked;
    private bool _isIdentityOnly;
    private bool _mayHoldFraming;

    /// <summary>Reads a head, which ends with its last field's line, or with the empty line.</summary>
    public static HeadFraming Read(ReadOnlySpan<byte> head, Side side)
    {
        var reader = new HeadReader { _isIdentityOnly = true, _mayHoldFraming = true };
        reader._read.Length = -1;
        reader.Lines(head, side);
        return reader.Conclude();
    }

    private void Lines(ReadOnlySpan<byte> rest, Side side)
    {
        for (var first = true; !rest.IsEmpty; first = false)
        {
            var line = NextLine(ref rest);
            if (first)
                Start(line, side);
            else if (line.IsEmpty)
                return;
            else
                Field(line);
        }
    }

    private ReadOnlySpan<byte> NextLine(scoped ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
        if (end >= 0 && rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n')
        {
            var clean = rest[..end];
            rest = rest[(end + 2)..];
            return clean;
        }
        return UncleanLine(ref rest);
    }

    private ReadOnlySpan<byte> UncleanLine(scoped ref ReadOnlySpan<byte> rest)
    {
        _read.IsUnclean = true;
        var line = HeadLine.Cut(ref rest);
        _read.IsAmbiguous |= line.IndexOfAny((byte)'\r', (byte)0) >= 0;
        return line;
    }

    private void Start(ReadOnlySpan<byte> line, Side side) => _read.IsValid = side == Side.Server
        ? StartLine.TryReadStatus(line, out _read.Minor, out _read.Status)
        : StartLine.TryReadRequest(line, out _read.Minor, out _read.Method);

    private void Field(ReadOnlySpan<byte> line)
    {
        if (line[0] is (byte)' ' or (byte)'\t')
        {
            // The head is written anew, and read again without its folds: what remains to be told is that there was one where it matters.
            _read.IsUnclean = true;
            _read.IsAmbiguous |= _mayHoldFraming;
            return;
        }
        var colon = line.IndexOf((byte)':');
        var name = line[..Math.Max(0, colon)];
        if (name.IsEmpty || name.IndexOfAnyExcept(Graphic) >= 0)
        {
            _read.IsAmbiguous = true;
            name = name.Trim(" \t"u8);
        }
        _mayHoldFraming = name.IsEmpty;
        if (!name.IsEmpty)
            Framing(name, line[(colon + 1)..].Trim(" \t"u8));
    }

    private void Framing(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (name.Length)
        {
            case 14 when Ascii.EqualsIgnoreCase(name, "Content-Length"u8):
                _mayHoldFraming = true;
                Lengths(value);
                break;
            case 17 when Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8):
                _mayHoldFraming = true;
                Codings(value);
                break;
            case 7 when Ascii.EqualsIgnoreCase(name, "Upgrade"u8):
                _read.Upgrades = true;
                _read.UpgradesToHttp2 |= value.StartsWith("h2c"u8);
                break;
        }
    }

    private void Lengths(ReadOnlySpan<byte> value)
    {
        foreach (var part in value.Split((byte)','))
            Length(value[part].Trim(" \t"u8));
    }

    private void Length(ReadOnlySpan<byte> digits)
    {
        var length = 0L;
        var isBad = digits.IsEmpty || digits.Length > 18;
        foreach (var digit in digits)
        {
            isBad |= !char.IsAsciiDigit((char)digit);
            length = length * 10 + (digit - '0');
        }
        _read.IsLengthBad |= isBad || _read.Length >= 0 && _read.Length != length;
        _read.Length = isBad ? Math.Max(0, _read.Length) : length;
    }

    private void Codings(ReadOnlySpan<byte> value)
    {
        _hasCoding = true;
        foreach (var part in value.Split((byte)','))
            OneCoding(value[part].Trim(" \t"u8));
    }

    private void OneCoding(ReadOnlySpan<byte> coding)
    {
        // Chunked twice, or something after it.
        _read.IsAmbiguous |= _endsChunked;
        var isIdentity = Ascii.EqualsIgnoreCase(coding, "identity"u8);
        _endsChunked = Ascii.EqualsIgnoreCase(coding, "chunked"u8);
        _isIdentityOnly &= isIdentity;
        _read.IsAmbiguous |= !_endsChunked && !IsCompression(coding);
    }

    private static bool IsCompression(ReadOnlySpan<byte> coding) =>
        Ascii.EqualsIgnoreCase(coding, "gzip"u8) || Ascii.EqualsIgnoreCase(coding, "deflate"u8) || Ascii.EqualsIgnoreCase(coding, "compress"u8)
        || Ascii.EqualsIgnoreCase(coding, "x-gzip"u8) || Ascii.EqualsIgnoreCase(coding, "x-compress"u8);

    private HeadFraming Conclude()
    {
        if (_hasCoding)
        {
            _read.Coding = _endsChunked ? Coding.Chunked : _isIdentityOnly ? Coding.None : Coding.Unknown;
            _read.IsAmbiguous |= _read.Length >= 0 || _read.Minor == 0 || _read.Coding == Coding.Unknown;
        }
        _read.IsAmbiguous |= _read.IsLengthBad;
        return _read;
    }
}
