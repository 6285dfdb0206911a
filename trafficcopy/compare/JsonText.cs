using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Pressure.TrafficCopy;

/// <summary>Names, texts and numbers of JSON as they stand there: whatever they are, they can be read, half surrogates and broken UTF-8 included.</summary>
internal static class JsonText
{
    /// <summary>The text of a string.</summary>
    public static string Of(JsonElement text) => Unescape(JsonMarshal.GetRawUtf8Value(text)[1..^1]);

    /// <summary>The name of a property.</summary>
    public static string NameOf(JsonProperty property) => Unescape(JsonMarshal.GetRawUtf8PropertyName(property));

    /// <summary>The value as it was written, shortened.</summary>
    public static string Shown(JsonElement value) => Excerpt.Of(JsonMarshal.GetRawUtf8Value(value));

    /// <summary>One way to write a number, so that 1, 1.0 and 10e-1 are the same, exactly and however long.</summary>
    public static string Canonical(JsonElement number)
    {
        var raw = Encoding.ASCII.GetString(JsonMarshal.GetRawUtf8Value(number));
        var minus = raw[0] == '-';
        var at = raw.AsSpan().IndexOfAny('e', 'E');
        var mantissa = raw[(minus ? 1 : 0)..(at < 0 ? raw.Length : at)];
        if (!long.TryParse(at < 0 ? "0" : raw.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent) || Math.Abs(exponent) > int.MaxValue)
            return raw;
        var point = mantissa.IndexOf('.');
        var digits = (point < 0 ? mantissa : mantissa.Remove(point, 1)).TrimStart('0');
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        var kept = digits.TrimEnd('0');
        exponent += digits.Length - kept.Length;
        return kept.Length == 0 ? "0" : $"{(minus ? "-" : "")}{kept}e{exponent}";
    }

    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        if (!raw.Contains((byte)'\\'))
            return Encoding.UTF8.GetString(raw);
        var text = Encoding.UTF8.GetString(raw);
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
                plain.Append(text[i]);
            else if (text[++i] == 'u' && i + 4 < text.Length && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                (plain, i) = (plain.Append((char)code), i + 4);
            else
                plain.Append(text[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', var c => c });
        }
        return plain.ToString();
    }
}
