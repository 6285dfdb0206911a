namespace Pressure.LoadGen.Engine;

/// <summary>
/// Looks for a text in a stream of pieces. Within a piece the runtime's vectorised search does the work; Knuth, Morris and Pratt's
/// table carries a match over the border between pieces.
/// </summary>
internal sealed class Substring
{
    /// <summary>State of a search that has found the text.</summary>
    public const int Found = -1;

    private readonly byte[] _text;
    private readonly int[] _fallback;

    /// <summary>Prepares the search for a text.</summary>
    public Substring(ReadOnlySpan<byte> text)
    {
        _text = text.ToArray();
        _fallback = new int[_text.Length];
        for (int i = 1, matched = 0; i < _text.Length; i++)
        {
            while (matched > 0 && _text[i] != _text[matched])
                matched = _fallback[matched - 1];
            _fallback[i] = _text[i] == _text[matched] ? ++matched : matched;
        }
    }

    /// <summary>State before the first piece: how many bytes of the text the stream ends with.</summary>
    public int Start => _text.Length == 0 ? Found : 0;

    /// <summary>The state after another piece.</summary>
    public int Next(int matched, ReadOnlySpan<byte> piece)
    {
        if (matched == Found)
            return Found;
        // A match over the border ends within the piece's first bytes, one that goes on begins within its last.
        var border = _text.Length - 1;
        if (piece.Length < border)
            return Follow(matched, piece);
        if (matched > 0 && Follow(matched, piece[..border]) == Found)
            return Found;
        return piece.IndexOf(_text) >= 0 ? Found : Follow(0, piece[^border..]);
    }

    private int Follow(int matched, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            while (matched > 0 && value != _text[matched])
                matched = _fallback[matched - 1];
            if (value == _text[matched] && ++matched == _text.Length)
                return Found;
        }

        return matched;
    }
}
