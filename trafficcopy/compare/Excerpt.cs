using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>Short, well-formed pieces of what answers bring along.</summary>
internal static class Excerpt
{
    /// <summary>Characters of a value that are shown, and of a field's name.</summary>
    public const int Longest = 160, LongestField = 200;

    /// <summary>The beginning of a text, with an ellipsis if it goes on; surrogates without their other half are replaced.</summary>
    public static string Of(string text, int longest = Longest)
    {
        var kept = text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest - 1), "…");
        if (!kept.Any(char.IsSurrogate))
            return kept;
        var clean = new StringBuilder(kept.Length);
        foreach (var rune in kept.EnumerateRunes())
            clean.Append(rune);
        return clean.ToString();
    }

    /// <summary>The beginning of bytes that should be UTF-8; what is not is replaced.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        // No character takes more than four bytes; the last one may be torn, and is cut off with the rest.
        var text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 4 * (Longest + 1))]);
        return Of(text);
    }

    /// <summary>What stands around a position.</summary>
    public static string Around(string text, int at)
    {
        const int before = 40;
        var from = Math.Max(0, at - before);
        var to = Math.Min(text.Length, from + Longest - 24);
        return $"{at}/{text.Length}: {(from > 0 ? "…" : "")}{text[from..to]}{(to < text.Length ? "…" : "")}";
    }
}
