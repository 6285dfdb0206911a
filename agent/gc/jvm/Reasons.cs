using System.Text;

namespace Pressure.Agent;

/// <summary>Causes as strings: each is made once, however often it is met. Bounded, since a log can hold anything.</summary>
internal sealed class Reasons
{
    private const int LongestReason = 120;
    private const int MostKept = 256;
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    public string Of(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return "";
        Span<char> chars = stackalloc char[LongestReason];
        var length = Encoding.UTF8.GetChars(text[..Math.Min(text.Length, LongestReason)], chars);
        var known = _known.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(chars[..length], out var found))
            return found;
        var made = new string(chars[..length]);
        if (_known.Count < MostKept)
            _known[made] = made;
        return made;
    }
}
