using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>A pattern in which <c>*</c> stands for anything, also nothing; every other letter for itself. No pattern takes longer than its length times the text's.</summary>
public sealed class WildcardPattern
{
    private readonly string _text;
    private readonly byte[] _pattern;
    private readonly bool _ignoreCase;

    /// <summary>Makes one.</summary>
    public WildcardPattern(string pattern, bool ignoreCase = false)
    {
        _text = pattern;
        _pattern = Encoding.UTF8.GetBytes(ignoreCase ? pattern.ToLowerInvariant() : pattern);
        _ignoreCase = ignoreCase;
    }

    /// <inheritdoc/>
    public override string ToString() => _text;

    /// <summary>Whether all of a text is like it.</summary>
    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        // What followed the latest star is tried again one further whenever it fails; earlier stars need no second try.
        var (at, place, star, starPlace) = (0, 0, -1, 0);
        while (place < text.Length)
        {
            if (at < _pattern.Length && _pattern[at] == '*')
                (star, starPlace, at) = (at, place, at + 1);
            else if (at < _pattern.Length && _pattern[at] == Plain(text[place]))
                (at, place) = (at + 1, place + 1);
            else if (star >= 0)
                (at, place) = (star + 1, ++starPlace);
            else
                return false;
        }

        while (at < _pattern.Length && _pattern[at] == '*')
            at++;
        return at == _pattern.Length;
    }

    private byte Plain(byte letter) => _ignoreCase && letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter + 32) : letter;
}
