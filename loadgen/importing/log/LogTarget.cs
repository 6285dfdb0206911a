using System.Text;

namespace Pressure.LoadGen.Importing;

/// <summary>Turns the bytes of a request's target into text: wrong encodings are tolerated, nginx's <c>\xE5</c> becomes <c>%E5</c>.</summary>
internal sealed class LogTarget
{
    /// <summary>The longest target that is taken; every pattern keeps some as samples.</summary>
    public const int Longest = 2_048;

    private readonly char[] _text = new char[Longest];

    /// <summary>The text, valid until the next call.</summary>
    public ReadOnlySpan<char> Read(ReadOnlySpan<byte> bytes)
    {
        var length = Encoding.UTF8.GetChars(bytes, _text);
        var text = _text.AsSpan(0, length);
        if (text.Contains('\\'))
            length = Unescape(text);
        return _text.AsSpan(0, length);
    }

    private static int Unescape(Span<char> text)
    {
        var to = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var isHex = text[i] == '\\' && i + 3 < text.Length && text[i + 1] == 'x' && char.IsAsciiHexDigit(text[i + 2]) && char.IsAsciiHexDigit(text[i + 3]);
            if (isHex)
                text[to++] = '%';
            else
                text[to++] = text[i];
            i += isHex ? 1 : 0;
        }
        return to;
    }
}
