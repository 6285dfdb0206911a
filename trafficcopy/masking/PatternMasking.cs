using System.Text;
using System.Text.RegularExpressions;

namespace Pressure.TrafficCopy;

/// <summary>Masks whatever patterns find in a text. Bytes that are no UTF-8 stay as they are: then each is taken for a letter of its own.</summary>
internal sealed class PatternMasking(IReadOnlyList<Regex> patterns, MaskWord word)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => patterns.Count == 0;

    /// <summary>The masked text, and how many places were masked: with none, the text is the one that came.</summary>
    public (ReadOnlyMemory<byte> Text, int Masked) Mask(ReadOnlyMemory<byte> bytes)
    {
        var masked = 0;
        var encoding = (Encoding)Strict;
        string text;
        try
        {
            text = encoding.GetString(bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            encoding = Encoding.Latin1;
            text = encoding.GetString(bytes.Span);
        }

        foreach (var pattern in patterns)
        {
            text = pattern.Replace(text, match =>
            {
                if (match.Length == 0)
                    return "";
                masked++;
                return Word(encoding.GetBytes(match.Value));
            });
        }

        return masked == 0 ? (bytes, 0) : (encoding.GetBytes(text), masked);
    }

    /// <summary>Masks a request's target and the values of fields, those that frame a message excepted.</summary>
    public void MaskHead(ref MaskedText head)
    {
        var at = 0;
        for (var isFirst = true; at < head.Source.Length; isFirst = false)
        {
            var rest = head.Source[at..];
            var end = rest.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
            var begin = line.IndexOf((byte)(isFirst ? ' ' : ':')) + 1;
            var value = isFirst && line.LastIndexOf(" HTTP/"u8) is > 0 and var version && version >= begin ? line[begin..version] : line[begin..];
            if (isFirst ? !line.StartsWith("HTTP/"u8) : !Frames(line[..Math.Max(0, begin - 1)]))
                MaskValue(ref head, at + begin, value);
            at += end < 0 ? rest.Length : end + 1;
        }
    }

    private void MaskValue(ref MaskedText head, int at, ReadOnlySpan<byte> value)
    {
        var room = value.ToArray();
        var (masked, count) = Mask(room);
        if (count > 0)
            head.Masks(at, value.Length, masked.Span, count);
    }

    private static bool Frames(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "content-length"u8) || Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8) || Ascii.EqualsIgnoreCase(name, "connection"u8);

    /// <summary>Overwrites what patterns find with as many stars, in place; for bytes whose number matters. Gives how many places.</summary>
    public int MaskInPlace(Span<byte> bytes)
    {
        var masked = 0;
        var text = Encoding.Latin1.GetString(bytes);
        foreach (var pattern in patterns)
        {
            foreach (var match in pattern.EnumerateMatches(text))
            {
                bytes.Slice(match.Index, match.Length).Fill((byte)'*');
                masked += match.Length > 0 ? 1 : 0;
            }
        }

        return masked;
    }

    private string Word(byte[] value)
    {
        Span<byte> to = stackalloc byte[MaskWord.Longest];
        return Encoding.ASCII.GetString(to[..word.Write(value, to)]);
    }
}
