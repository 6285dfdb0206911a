using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace Pressure.LoadGen.Engine;

/// <summary>How a value from data or a response is made harmless for the place it goes to.</summary>
internal enum Escape
{
    /// <summary>As it is: plain bodies.</summary>
    None,

    /// <summary>Percent-encoded but for letters, digits and <c>-._~</c>: URLs and forms.</summary>
    Url,

    /// <summary>Control characters are left out, what is not ASCII is percent-encoded: header fields.</summary>
    Header,

    /// <summary>The inside of a JSON string.</summary>
    Json,

    /// <summary>A JSON number, or else a JSON string.</summary>
    JsonNumber,

    /// <summary>The inside of a quoted name of a part: control characters and quotes are percent-encoded.</summary>
    Quoted,
}

/// <summary>Writes values escaped.</summary>
internal static class Escaping
{
    private static readonly SearchValues<byte> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);
    private static readonly SearchValues<byte> Visible = SearchValues.Create([(byte)'\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (byte)c)]);

    // Bytes beyond ASCII are good as they are in UTF-8.
    private static readonly SearchValues<byte> PlainJson =
        SearchValues.Create([.. Enumerable.Range(0, 256).Where(c => c >= ' ' && c != '"' && c != '\\').Select(c => (byte)c)]);

    private static readonly SearchValues<byte> PlainQuoted = SearchValues.Create([.. Enumerable.Range(0, 256).Where(c => c >= ' ' && c is not ('"' or 127)).Select(c => (byte)c)]);

    /// <summary>Appends a value.</summary>
    public static void Write(ReadOnlySpan<byte> value, Escape escape, ByteBuffer to)
    {
        switch (escape)
        {
            case Escape.Url:
                WriteParts(value, Unreserved, to, static (b, to) => WritePercent(b, to));
                break;
            case Escape.Header:
                WriteParts(value, Visible, to, static (b, to) =>
                {
                    if (b >= 0x80)
                        WritePercent(b, to);
                });
                break;
            case Escape.Json:
                WriteJson(value, to);
                break;
            case Escape.Quoted:
                WriteParts(value, PlainQuoted, to, static (b, to) => WritePercent(b, to));
                break;
            case Escape.JsonNumber when !IsJsonNumber(value):
                to.Write("\""u8);
                WriteJson(value, to);
                to.Write("\""u8);
                break;
            default:
                to.Write(value);
                break;
        }
    }

    private static void WriteJson(ReadOnlySpan<byte> value, ByteBuffer to)
    {
        // A response may have given bytes that are no text, which would make the whole body none.
        var text = Utf8.IsValid(value);
        foreach (var part in new PartReader(value, PlainJson))
        {
            if (part.Length == 1 && !PlainJson.Contains(part[0]))
                WriteJsonEscape(part[0], to);
            else if (text)
                to.Write(part);
            else
                WriteAscii(part, to);
        }
    }

    private static void WriteJsonEscape(byte b, ByteBuffer to)
    {
        if (b is (byte)'"' or (byte)'\\')
        {
            to.Write("\\"u8);
            to.Write([b]);
            return;
        }

        to.Write("\\u00"u8);
        to.Write([Hex(b >> 4), Hex(b & 15)]);
    }

    private static void WriteAscii(ReadOnlySpan<byte> part, ByteBuffer to)
    {
        foreach (var b in part)
            to.Write([b < 0x80 ? b : (byte)'?']);
    }

    private static void WriteParts(ReadOnlySpan<byte> value, SearchValues<byte> plain, ByteBuffer to, Action<byte, ByteBuffer> other)
    {
        foreach (var part in new PartReader(value, plain))
        {
            if (part.Length == 1 && !plain.Contains(part[0]))
                other(part[0], to);
            else
                to.Write(part);
        }
    }

    private static void WritePercent(byte b, ByteBuffer to) => to.Write([(byte)'%', Hex(b >> 4), Hex(b & 15)]);

    private static byte Hex(int value) => "0123456789ABCDEF"u8[value];

    // RFC 8259, section 6.
    private static bool IsJsonNumber(ReadOnlySpan<byte> value)
    {
        var digits = value.StartsWith("-"u8) ? value[1..] : value;
        if (digits.Length == 0 || !char.IsAsciiDigit((char)digits[0]) || !char.IsAsciiDigit((char)digits[^1]) || (digits.Length > 1 && digits[0] == '0' && digits[1] is not ((byte)'.' or (byte)'e' or (byte)'E')))
            return false;
        var dot = digits.IndexOf((byte)'.');
        return (dot < 0 || char.IsAsciiDigit((char)digits[dot + 1])) && Utf8Parser.TryParse(value, out double _, out var used) && used == value.Length;
    }

    /// <summary>Cuts a value into runs of plain bytes and single others.</summary>
    private ref struct PartReader(ReadOnlySpan<byte> value, SearchValues<byte> plain)
    {
        private ReadOnlySpan<byte> _rest = value;

        public ReadOnlySpan<byte> Current { get; private set; }

        public readonly PartReader GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest.Length == 0)
                return false;
            var run = _rest.IndexOfAnyExcept(plain);
            var length = run < 0 ? _rest.Length : Math.Max(run, 1);
            Current = _rest[..length];
            _rest = _rest[length..];
            return true;
        }
    }
}
