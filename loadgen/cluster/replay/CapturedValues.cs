using System.Text;
using System.Text.Encodings.Web;

namespace Pressure.Cluster;

/// <summary>What captured answers of one connection gave, and where its later requests have it. Used by the reader's thread.</summary>
internal sealed class CapturedValues
{
    /// <summary>Values remembered for a connection.</summary>
    public const int Most = 64;

    // Shorter ones stand in too many header fields by chance.
    private const int ShortestInFields = 4;
    private const int MostOfBody = 1024 * 1024;

    private readonly List<Known> _known = [];

    private sealed record Known(byte[] Raw, byte[] Url, byte[] Json);

    /// <summary>Remembers a value and gives its number; -1 when there are too many.</summary>
    public int Remember(byte[] value)
    {
        for (var i = 0; i < _known.Count; i++)
        {
            if (_known[i].Raw.AsSpan().SequenceEqual(value))
                return i;
        }

        if (_known.Count == Most)
            return -1;
        var text = Encoding.UTF8.GetString(value);
        _known.Add(new(value, Encoding.ASCII.GetBytes(Uri.EscapeDataString(text)), Encoding.UTF8.GetBytes(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text))));
        return _known.Count - 1;
    }

    /// <summary>Adds the places of all values within a part of a request.</summary>
    public void Find(EncodedRequest request, Range part, RequestPart kind)
    {
        var (from, length) = part.GetOffsetAndLength(request.Length);
        var text = request.Buffer.AsSpan(from, kind == RequestPart.Field ? length : Math.Min(length, MostOfBody));
        for (var number = 0; number < _known.Count; number++)
        {
            var known = _known[number];
            if (kind == RequestPart.Field && known.Raw.Length < ShortestInFields)
                continue;
            // Where a value looks the same plain and encoded, what replaces it is encoded as its place demands.
            var plain = kind switch
            {
                RequestPart.Path => SlotForm.Path,
                RequestPart.Query or RequestPart.Form => Same(known.Raw, known.Url) ? SlotForm.Url : SlotForm.Raw,
                RequestPart.Json => Same(known.Raw, known.Json) ? SlotForm.Json : SlotForm.Raw,
                RequestPart.Field => SlotForm.Field,
                _ => SlotForm.Raw,
            };
            Find(request, text, from, known.Raw, number, plain);
            if (kind is RequestPart.Path or RequestPart.Query or RequestPart.Form or RequestPart.Field && !Same(known.Raw, known.Url))
                Find(request, text, from, known.Url, number, SlotForm.Url);
            if (kind == RequestPart.Json && !Same(known.Raw, known.Json))
                Find(request, text, from, known.Json, number, SlotForm.Json);
        }
    }

    private static void Find(EncodedRequest request, ReadOnlySpan<byte> text, int offset, ReadOnlySpan<byte> value, int number, SlotForm form)
    {
        for (var at = 0; text[at..].IndexOf(value) is >= 0 and var found; at += found + value.Length)
        {
            if (IsWhole(text, at + found, value))
                request.Slots.Add(new(offset + at + found, value.Length, number, form));
        }
    }

    /// <summary>Whether a value stands there as a word of its own: 17 in <c>/orders/17</c>, not in <c>/orders/170</c>.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> value)
    {
        var end = at + value.Length;
        var begins = at == 0 || !char.IsAsciiLetterOrDigit((char)value[0]) || !char.IsAsciiLetterOrDigit((char)text[at - 1]) || EndsEscape(text[..at]);
        return begins && (end == text.Length || !char.IsAsciiLetterOrDigit((char)value[^1]) || !char.IsAsciiLetterOrDigit((char)text[end]));
    }

    private static bool EndsEscape(ReadOnlySpan<byte> text) =>
        text is [.., (byte)'%', var high, var low] && char.IsAsciiHexDigit((char)high) && char.IsAsciiHexDigit((char)low);

    private static bool Same(byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other);
}

/// <summary>A part of a request, by what may stand in it.</summary>
internal enum RequestPart
{
    /// <summary>The path.</summary>
    Path,

    /// <summary>The query.</summary>
    Query,

    /// <summary>A header field's value.</summary>
    Field,

    /// <summary>A body of a form, percent-encoded.</summary>
    Form,

    /// <summary>A body of JSON.</summary>
    Json,

    /// <summary>Any other body.</summary>
    Other,
}
