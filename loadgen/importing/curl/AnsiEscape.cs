using System.Globalization;
using System.Text;

namespace Pressure.LoadGen.Importing;

/// <summary>Backslash sequences within bash's <c>$'...'</c>.</summary>
internal static class AnsiEscape
{
    private const string Letters = "abefnrtvE\\'\"?";
    private const string Meant = "\a\b\u001b\f\n\r\t\v\u001b\\'\"?";

    /// <summary>Reads one sequence at <paramref name="at"/> into the word; does nothing where none begins.</summary>
    public static void Read(string text, ref int at, StringBuilder word)
    {
        if (text[at] != '\\' || at + 1 >= text.Length)
            return;
        var c = text[at + 1];
        at += 2;
        if (Letters.IndexOf(c, StringComparison.Ordinal) is >= 0 and var letter)
            word.Append(Meant[letter]);
        else if (c == 'c' && at < text.Length)
            word.Append((char)(text[at++] & 0x1f));
        else if (c is 'x' or 'u' or 'U' && Digits(text, at, c == 'x' ? 2 : c == 'u' ? 4 : 8, char.IsAsciiHexDigit) is { Length: > 0 } hex)
            Append(word, uint.Parse(hex, NumberStyles.HexNumber), ref at, hex.Length);
        else if (Digits(text, at - 1, 3, d => d is >= '0' and <= '7') is { Length: > 0 } octal)
            Append(word, Convert.ToUInt32(octal, 8) & 0xff, ref at, octal.Length - 1);
        else
            word.Append('\\').Append(c);
    }

    private static string Digits(string text, int from, int most, Func<char, bool> isDigit)
    {
        var end = from;
        while (end < text.Length && end < from + most && isDigit(text[end]))
            end++;
        return text[from..end];
    }

    private static void Append(StringBuilder word, uint code, ref int at, int length)
    {
        at += length;
        // Halves of surrogate pairs are written as two \u by browsers; appended one after the other they are whole again.
        if (code <= char.MaxValue)
            word.Append((char)code);
        else if (Rune.TryCreate(code, out var rune))
            word.Append(rune.ToString());
    }
}
