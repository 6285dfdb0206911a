using System.Buffers;
using System.Text;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// Looks at one response as it passes by: never stores it, but for the body's start and header fields where something needs them.
/// A body that comes encoded is decoded first, if anything looks at it.
/// </summary>
internal sealed class BodyCheck
{
    private readonly ByteBuffer _coding = new();
    private ResponseChecks _checks = ResponseChecks.None;
    private ResponseCopy? _copy;
    private AnswerCopy? _answer;
    private ContentDecoder? _decoder;
    private RequestError _error;
    private int[] _matched = [];
    private byte[]? _kept;
    private int _keptLength;

    /// <summary>The start of the body that was kept.</summary>
    public ReadOnlySpan<byte> Kept => _kept.AsSpan(0, _keptLength);

    /// <summary>The header fields that were kept.</summary>
    public ResponseFields Fields { get; } = new();

    /// <summary>Makes ready for the next body; <paramref name="copy"/> keeps it for a person, <paramref name="answer"/> for whoever replays it.</summary>
    public void Begin(ResponseChecks checks, ResponseCopy? copy = null, AnswerCopy? answer = null)
    {
        Release();
        (_checks, _copy, _answer) = (checks, copy, answer);
        if (_matched.Length < checks.Texts.Count)
            _matched = new int[checks.Texts.Count];
        for (var i = 0; i < checks.Texts.Count; i++)
            _matched[i] = checks.Texts[i].Start;
        if (checks.KeepBody)
            _kept = ArrayPool<byte>.Shared.Rent(ResponseChecks.KeptBytes);
    }

    /// <summary>Takes in the status line.</summary>
    public void WriteStart(ReadOnlySpan<byte> line) => _answer?.TakeStart(line);

    /// <summary>Takes in a header field.</summary>
    public void WriteField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _answer?.TakeField(name, value);
        if (_checks.Fields.Count > 0)
            Fields.Take(_checks.Fields, name, value);
        if (name.Length == 16 && Ascii.EqualsIgnoreCase(name, "content-encoding"u8) && !Ascii.EqualsIgnoreCase(value, "identity"u8))
            AddCoding(value);
    }

    /// <summary>The head was that of an interim response: another one follows.</summary>
    public void ForgetHead()
    {
        Fields.Clear();
        _coding.Truncate(0);
    }

    /// <summary>Takes in a piece of the body.</summary>
    public void Write(ReadOnlySpan<byte> piece)
    {
        _answer?.TakeBody(piece);
        if (_coding.Length == 0)
            Look(piece);
        else if (_checks.NeedContent || _copy is not null)
            Decode(piece);
    }

    /// <summary>The body is over: what was wrong with its encoding, if anything was and a check needs the body.</summary>
    public RequestError End()
    {
        if (!_checks.NeedContent)
            return RequestError.None;
        if (_decoder is null || _error != RequestError.None)
            return _error;
        return _decoder.IsComplete() ? RequestError.None : RequestError.DecodingFailed;
    }

    /// <summary>Looks at a piece of the body as it is meant.</summary>
    public void Look(ReadOnlySpan<byte> piece)
    {
        _copy?.Take(piece);
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

    /// <summary>Gives the buffers back.</summary>
    public void Release()
    {
        _keptLength = 0;
        ForgetHead();
        _error = RequestError.None;
        _answer = null;
        _decoder?.Dispose();
        _decoder = null;
        if (_kept is null)
            return;
        ArrayPool<byte>.Shared.Return(_kept);
        _kept = null;
    }

    // Two fields are a list of two codings, as one field with a comma is.
    private void AddCoding(ReadOnlySpan<byte> value)
    {
        if (_coding.Length > 0)
            _coding.Write(","u8);
        _coding.Write(value);
    }

    private void Decode(ReadOnlySpan<byte> piece)
    {
        if (_error != RequestError.None || piece.Length == 0)
            return;
        _decoder ??= ContentDecoder.For(_coding.Written);
        _error = _decoder?.Write(piece, this) ?? RequestError.DecodingFailed;
    }
}
