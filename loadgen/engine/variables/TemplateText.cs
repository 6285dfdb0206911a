namespace Pressure.LoadGen.Engine;

/// <summary>Finds <c>{{...}}</c> in texts.</summary>
internal static class TemplateText
{
    /// <summary>Start, end (behind the braces) and what is between. <paramref name="encoded"/>: the text is percent-encoded, as in URLs and forms.</summary>
    public static IEnumerable<(int Start, int End, string Inner)> Slots(string text, bool encoded = false)
    {
        var (open, close) = encoded ? ("%7B%7B", "%7D%7D") : ("{{", "}}");
        for (var from = 0; ;)
        {
            var start = text.IndexOf(open, from, StringComparison.Ordinal);
            var end = start < 0 ? -1 : text.IndexOf(close, start + open.Length, StringComparison.Ordinal);
            if (end < 0)
                yield break;
            // {{{a}} is a brace and a slot.
            var inner = text[(start + open.Length)..end];
            var nested = inner.LastIndexOf(open, StringComparison.Ordinal);
            if (nested >= 0)
                (start, inner) = (start + open.Length + nested, inner[(nested + open.Length)..]);
            var brace = open.Length / 2;
            while (inner.StartsWith(open[..brace], StringComparison.Ordinal))
                (start, inner) = (start + brace, inner[brace..]);
            from = end + close.Length;
            yield return (start, from, encoded ? Uri.UnescapeDataString(inner) : inner);
        }
    }

    /// <summary>The text without its slots.</summary>
    public static string WithoutSlots(string text)
    {
        foreach (var (start, end, _) in Slots(text).Reverse())
            text = text.Remove(start, end - start);
        return text;
    }
}
