using System.Buffers;

namespace Pressure.LoadGen.Engine;

/// <summary>Looks at one response as it passes by: never stores it, but for the body's start and header fields where something needs them.</summary>
internal sealed class BodyCheck
{
    private ResponseChecks _checks = ResponseChecks.None;
    private int[] _matched = [];
    private byte[]? _kept;
    private int _keptLength;

    /// <summary>The start of the body that was kept.</summary>
    public ReadOnlySpan<byte> Kept => _kept.AsSpan(0, _keptLength);

    /// <summary>The header fields that were kept.</summary>
    public ResponseFields Fields { get; } = new();

    /// <summary>Makes ready for the next body.</summary>
    public void Begin(ResponseChecks checks)
    {
        Release();
        _checks = checks;
        if (_matched.Length < checks.Texts.Count)
            _matched = new int[checks.Texts.Count];
        for (var i = 0; i < checks.Texts.Count; i++)
            _matched[i] = checks.Texts[i].Start;
        if (checks.KeepBody)
            _kept = ArrayPool<byte>.Shared.Rent(ResponseChecks.KeptBytes);
    }

    /// <summary>Takes in a header field.</summary>
    public void WriteField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_checks.Fields.Count > 0)
            Fields.Take(_checks.Fields, name, value);
    }

    /// <summary>Takes in a piece of the body.</summary>
    public void Write(ReadOnlySpan<byte> piece)
    {
        for (var i = 0; i < _checks.Texts.Count; i++)
            _matched[i] = _checks.Texts[i].Next(_matched[i], piece);
        if (_kept is null || _keptLength == ResponseChecks.KeptBytes)
            return;
        var kept = piece[..Math.Min(piece.Length, ResponseChecks.KeptBytes - _keptLength)];
        kept.CopyTo(_kept.AsSpan(_keptLength));
        _keptLength += kept.Length;
    }

    /// <summary>Whether the body so far contains text <paramref name="index"/> of the checks.</summary>
    public bool Contains(int index) => _matched[index] == Substring.Found;

    /// <summary>Gives the buffer back.</summary>
    public void Release()
    {
        _keptLength = 0;
        Fields.Clear();
        if (_kept is null)
            return;
        ArrayPool<byte>.Shared.Return(_kept);
        _kept = null;
    }
}
