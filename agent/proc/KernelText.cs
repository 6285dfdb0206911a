using System.Buffers.Text;
using System.Text;

namespace Pressure.Agent;

/// <summary>Lines of a kernel's text.</summary>
internal ref struct Lines(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>The next line without its end; false behind the last.</summary>
    public bool Next(out ReadOnlySpan<byte> line)
    {
        var end = _rest.IndexOf((byte)'\n');
        line = end < 0 ? _rest : _rest[..end];
        var more = _rest.Length > 0;
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return more;
    }
}

/// <summary>Words of a line. What is missing or no number reads as zero: kernels add and leave out fields.</summary>
internal ref struct Words(ReadOnlySpan<byte> line)
{
    private ReadOnlySpan<byte> _rest = line;

    /// <summary>The next word; empty behind the last.</summary>
    public ReadOnlySpan<byte> Next()
    {
        var rest = _rest.TrimStart(" \t"u8);
        var end = rest.IndexOfAny((byte)' ', (byte)'\t');
        var word = end < 0 ? rest : rest[..end];
        _rest = rest[word.Length..];
        return word;
    }

    /// <summary>The next word as a number.</summary>
    public ulong Number() => KernelText.Number(Next());

    /// <summary>Leaves words out.</summary>
    public void Skip(int words)
    {
        for (; words > 0; words--)
            Next();
    }
}

/// <summary>Values in a kernel's text.</summary>
internal static class KernelText
{
    /// <summary>A whole number; 0 if it is none or too large.</summary>
    public static ulong Number(ReadOnlySpan<byte> word) => Utf8Parser.TryParse(word, out ulong value, out var used) && used == word.Length ? value : 0;

    /// <summary>A number with a decimal point; 0 if it is none or negative.</summary>
    public static double Decimal(ReadOnlySpan<byte> word) =>
        Utf8Parser.TryParse(word, out double value, out var used) && used == word.Length && double.IsFinite(value) && value > 0 ? value : 0;

    /// <summary>A number as bytes or the like, where it can only be signed.</summary>
    public static long Long(ulong number) => (long)Math.Min(number, long.MaxValue);

    /// <summary>The line that begins with a word, without it; empty if there is none.</summary>
    public static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        var lines = new Lines(text);
        while (lines.Next(out var line))
        {
            if (line.StartsWith(word) && (line.Length == word.Length || line[word.Length] is (byte)' ' or (byte)'\t'))
                return line[word.Length..];
        }
        return default;
    }

    /// <summary>The number behind a word at the begin of a line (<c>MemTotal: 5 kB</c>); null if there is no such line.</summary>
    public static ulong? Field(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        Line(text, word) is { Length: > 0 } line ? new Words(line).Number() : null;

    /// <summary>A name as a string: the earlier one, if it is still the same.</summary>
    public static string Name(ReadOnlySpan<byte> name, string? earlier) =>
        earlier is not null && earlier.Length == name.Length && Ascii.Equals(name, earlier) ? earlier : Encoding.UTF8.GetString(name);

    /// <summary>What a counter has grown by; one that was reset, or wrapped, has not.</summary>
    public static ulong Passed(ulong now, ulong before) => now > before ? now - before : 0;
}
