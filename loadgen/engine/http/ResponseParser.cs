using System.Buffers;
using System.Text;

namespace Pressure.LoadGen.Engine;

/// <summary>Where a response stands.</summary>
internal enum ParseOutcome
{
    /// <summary>It goes on.</summary>
    NeedMore,

    /// <summary>It is complete.</summary>
    Complete,

    /// <summary>What came is not an HTTP/1.x response.</summary>
    Malformed,

    /// <summary>Header fields (or trailers) exceed the limits.</summary>
    HeadersTooLarge,
}

/// <summary>
/// An incremental HTTP/1.1 response parser (RFC 9112): fed with pieces that end anywhere, allocates nothing, keeps neither fields nor body.
/// </summary>
/// <remarks>
/// Choices where the RFC leaves one: bare LF ends a line; obs-fold is skipped over, but not in fields that say where the body ends;
/// Transfer-Encoding beats Content-Length, and such a connection is not used again; 101 is malformed, since no upgrade is ever
/// asked for; anything before the status line is malformed.
/// </remarks>
internal sealed class ResponseParser
{
    /// <summary>Status lines, header fields and trailers together, in bytes.</summary>
    public const int MaxHeaderBytes = 64 * 1024;

    /// <summary>Header fields and trailers together.</summary>
    public const int MaxFields = 200;

    /// <summary>A chunk's size line with its extensions, in bytes.</summary>
    public const int MaxChunkLine = 4096;

    /// <summary>Interim (1xx) responses before the final one.</summary>
    public const int MaxInterim = 32;

    private static readonly SearchValues<byte> Tokens =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    // Control characters other than tab.
    private static readonly SearchValues<byte> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(c => c != '\t').Append(127).Select(c => (byte)c)]);

    private readonly ByteBuffer _location = new();
    private LineReader _lines;
    private ResponseFraming _framing;
    private Part _part;
    private bool _headRequest;
    private bool _mayFold;
    private bool _framingField;
    private int _prefix;
    private int _minorVersion;
    private int _headerBytes;
    private int _fields;
    private int _interim;
    private long _left;

    private enum Part
    {
        StatusLine,
        Fields,
        Body,
        BodyUntilClose,
        ChunkSize,
        ChunkData,
        ChunkEnd,
        Trailers,
        Complete,
        Malformed,
        HeadersTooLarge,
    }

    /// <summary>The status, once its line has been read.</summary>
    public int Status { get; private set; }

    /// <summary>Where a response with a status of 3xx points to; empty if it doesn't say.</summary>
    public ReadOnlySpan<byte> Location => _location.Written;

    /// <summary>Whether the connection may be used again after this response; asked when it is complete.</summary>
    public bool Persists { get; private set; }

    private static ReadOnlySpan<byte> Prefix => "HTTP/1."u8;

    /// <summary>Makes ready for the next response. <paramref name="headRequest"/>: it answers HEAD, so has no body.</summary>
    public void Begin(bool headRequest)
    {
        _lines.Reset();
        _headRequest = headRequest;
        _headerBytes = _fields = _interim = 0;
        BeginHead();
    }

    /// <summary>Takes in a piece; <paramref name="consumed"/> is less than its length only when the response is over before its end.</summary>
    public ParseOutcome Feed(ReadOnlySpan<byte> piece, BodyCheck? body, out int consumed)
    {
        var rest = piece;
        while (_part < Part.Complete && rest.Length > 0)
            Step(ref rest, body);
        consumed = piece.Length - rest.Length;
        return Outcome();
    }

    /// <summary>The peer has ended the connection: a body that goes on until then is complete, all else is not.</summary>
    public ParseOutcome End()
    {
        if (_part == Part.BodyUntilClose)
            Finish(persists: false);
        return Outcome();
    }

    private ParseOutcome Outcome() => _part switch
    {
        Part.Complete => ParseOutcome.Complete,
        Part.Malformed => ParseOutcome.Malformed,
        Part.HeadersTooLarge => ParseOutcome.HeadersTooLarge,
        _ => ParseOutcome.NeedMore,
    };

    private void Step(ref ReadOnlySpan<byte> rest, BodyCheck? body)
    {
        switch (_part)
        {
            case Part.StatusLine:
                if (!MatchPrefix(rest))
                    _part = Part.Malformed;
                else if (TakeHeaderLine(ref rest, out var status))
                    _part = TakeStatusLine(status, body) ? Part.Fields : Part.Malformed;
                break;
            case Part.Fields:
            case Part.Trailers:
                if (TakeHeaderLine(ref rest, out var field))
                    TakeFieldLine(field, body);
                break;
            case Part.ChunkSize:
                if (TakeChunkLine(ref rest, MaxChunkLine, out var size))
                    TakeChunkSize(size);
                break;
            case Part.ChunkEnd:
                if (TakeChunkLine(ref rest, 2, out var empty))
                    _part = empty.Length == 0 ? Part.ChunkSize : Part.Malformed;
                break;
            default:
                TakeBody(ref rest, body);
                break;
        }
    }

    private void BeginHead()
    {
        _framing = default;
        _part = Part.StatusLine;
        _mayFold = false;
        _prefix = 0;
        Status = 0;
        Persists = false;
        _location.Truncate(0);
    }

    private void Finish(bool persists)
    {
        Persists = persists;
        _part = Part.Complete;
        _lines.Reset();
    }

    // Looked at before the line is whole, so that a peer that speaks something else is found out at its first bytes.
    private bool MatchPrefix(ReadOnlySpan<byte> rest)
    {
        for (var i = 0; _prefix < Prefix.Length && i < rest.Length; i++)
        {
            if (rest[i] != Prefix[_prefix++])
                return false;
        }

        return true;
    }

    private bool TakeHeaderLine(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        switch (_lines.Take(ref rest, MaxHeaderBytes - _headerBytes, out line, out var taken))
        {
            case LineResult.Line:
                _headerBytes += taken;
                return true;
            case LineResult.TooLong:
                _part = Part.HeadersTooLarge;
                return false;
            default:
                return false;
        }
    }

    private bool TakeChunkLine(ref ReadOnlySpan<byte> rest, int limit, out ReadOnlySpan<byte> line)
    {
        var result = _lines.Take(ref rest, limit, out line, out _);
        if (result == LineResult.TooLong)
            _part = Part.Malformed;
        return result == LineResult.Line;
    }

    private bool TakeStatusLine(ReadOnlySpan<byte> line, BodyCheck? body)
    {
        // HTTP/1.1 200 OK, where the reason and even the space before it may be missing.
        const int Shortest = 12;
        if (line.Length < Shortest || !char.IsAsciiDigit((char)line[7]) || line[8] != ' ' || (line.Length > Shortest && line[Shortest] != ' '))
            return false;
        var status = 0;
        foreach (var digit in line[9..Shortest])
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            status = status * 10 + (digit - '0');
        }

        _minorVersion = line[7] - '0';
        Status = status;
        body?.WriteStart(line);
        return status >= 100 && !line.ContainsAny(Controls);
    }

    private void TakeFieldLine(ReadOnlySpan<byte> line, BodyCheck? body)
    {
        if (line.Length == 0)
        {
            if (_part == Part.Trailers)
                Finish(_framing.Persists(_minorVersion));
            else
                EndHead(body);
            return;
        }

        if (line[0] is (byte)' ' or (byte)'\t')
        {
            if (!_mayFold || _framingField || line.ContainsAny(Controls))
                _part = Part.Malformed;
            return;
        }

        if (++_fields > MaxFields)
        {
            _part = Part.HeadersTooLarge;
            return;
        }

        if (!TakeField(line, body))
            _part = Part.Malformed;
        _mayFold = true;
    }

    private bool TakeField(ReadOnlySpan<byte> line, BodyCheck? body)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
            return false;
        var name = line[..colon];
        var value = line[(colon + 1)..].Trim(" \t"u8);
        if (name.ContainsAnyExcept(Tokens) || value.ContainsAny(Controls))
            return false;
        // Trailers come too late to say where the body ends.
        _framingField = false;
        if (_part == Part.Fields)
        {
            body?.WriteField(name, value);
            if (Status >= 300)
                TakeLocation(name, value);
        }

        return _part == Part.Trailers || _framing.Take(name, value, out _framingField);
    }

    private void TakeLocation(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_location.Length == 0 && Status < 400 && Ascii.EqualsIgnoreCase(name, "location"u8))
            _location.Write(value);
    }

    private void EndHead(BodyCheck? body)
    {
        if (Status < 200)
        {
            body?.ForgetHead();
            if (Status == 101 || ++_interim > MaxInterim)
                _part = Part.Malformed;
            else
                BeginHead();
        }
        else if (_headRequest || Status is 204 or 304)
        {
            Finish(_framing.Persists(_minorVersion));
        }
        else if (_framing.Chunked)
        {
            _part = Part.ChunkSize;
        }
        else if (_framing.UntilClose)
        {
            _part = Part.BodyUntilClose;
        }
        else if (_framing.ContentLength is > 0 and var length)
        {
            _left = length;
            _part = Part.Body;
        }
        else
        {
            Finish(_framing.Persists(_minorVersion));
        }
    }

    private void TakeChunkSize(ReadOnlySpan<byte> line)
    {
        long size = 0;
        var digits = 0;
        for (; digits < line.Length && char.IsAsciiHexDigit((char)line[digits]); digits++)
        {
            if (size > long.MaxValue >> 4)
            {
                _part = Part.Malformed;
                return;
            }

            size = (size << 4) + HexValue(line[digits]);
        }

        var extension = line[digits..].TrimStart(" \t"u8);
        if (digits == 0 || line.ContainsAny(Controls) || (extension.Length > 0 && extension[0] != ';'))
        {
            _part = Part.Malformed;
            return;
        }

        _left = size;
        _mayFold = false;
        _part = size > 0 ? Part.ChunkData : Part.Trailers;
    }

    private void TakeBody(ref ReadOnlySpan<byte> rest, BodyCheck? body)
    {
        var untilClose = _part == Part.BodyUntilClose;
        var piece = untilClose || rest.Length < _left ? rest : rest[..(int)_left];
        body?.Write(piece);
        rest = rest[piece.Length..];
        if (untilClose)
            return;
        _left -= piece.Length;
        if (_left > 0)
            return;
        if (_part == Part.ChunkData)
            _part = Part.ChunkEnd;
        else
            Finish(_framing.Persists(_minorVersion));
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
