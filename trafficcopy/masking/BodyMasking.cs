using System.Buffers;

namespace Pressure.TrafficCopy;

/// <summary>What a body became.</summary>
/// <param name="Body">The bytes that may be kept.</param>
/// <param name="Masked">Values masked.</param>
/// <param name="Change">What the head has to say of it.</param>
/// <param name="WasDropped">Whether it was dropped, since it could not be looked through.</param>
internal readonly record struct MaskedBody(ReadOnlyMemory<byte> Body, int Masked, BodyChange Change, bool WasDropped);

/// <summary>Masks bodies: finds out what one is, decodes it where a rule has to look into it, and drops it where no rule can.</summary>
internal sealed class BodyMasking(MaskRules rules, MaskWord word)
{
    /// <summary>Bytes of a decoded body that are looked at and kept; what is behind is cut.</summary>
    public const int MaxDecoded = 4 << 20;

    private readonly JsonMasking _json = new(rules);
    private readonly MaskedNames _form = new(rules, MaskPlace.Form);
    private readonly PatternMasking _patterns = new(rules.Patterns, word);
    private readonly ArrayBufferWriter<byte> _masked = new();

    private enum Kind
    {
        Other,
        Json,
        Form,
        Multipart,

        /// <summary>Of a type under which anything is sent.</summary>
        Untold,
    }

    /// <summary>Masks a body; valid until the next one.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isCut">Whether some of it is missing.</param>
    public MaskedBody Mask(in CapturedMessage message, bool isCut)
    {
        var body = message.Body;
        if (rules.DropBodies)
            return body.IsEmpty ? Unchanged(body) : new(default, 1, default, WasDropped: false);
        if (body.IsEmpty)
            return Unchanged(body);
        var head = new HttpHead(message.Head.Span);
        var type = head.Find("Content-Type"u8);
        var kind = KindOf(type);
        if (!Concerns(kind))
            return Unchanged(body);
        var decoded = body;
        var coding = head.Combined("Content-Encoding"u8);
        if (coding is not null && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            var result = BodyDecoder.Decode(body, coding, isCut, MaxDecoded);
            if (result.LeftOut.HasFlag(LeftOut.Encoding) && !isCut)
                return Dropped();
            // Broken off amid its coding: what came out is all that anybody can read of it.
            if (result.LeftOut.HasFlag(LeftOut.Encoding) && result.Bytes.Equals(body))
                return Dropped();
            decoded = result.Bytes;
            isCut |= result.LeftOut != LeftOut.None;
        }

        return MaskPlain(message, decoded, kind, type, isCut, wasDecoded: coding is not null && !decoded.Equals(body));
    }

    private MaskedBody MaskPlain(in CapturedMessage message, ReadOnlyMemory<byte> plain, Kind kind, ReadOnlySpan<byte> type, bool isCut, bool wasDecoded)
    {
        if (kind is Kind.Untold or Kind.Form && LooksLikeJson(plain.Span))
            kind = Kind.Json;
        else if (kind == Kind.Untold)
            kind = Kind.Other;
        _masked.ResetWrittenCount();
        var text = new MaskedText(plain.Span, _masked, word);
        if (!TryMask(ref text, kind, type, isCut))
            return Dropped();
        var (count, isChanged) = (text.Masked, text.IsChanged);
        var masked = isChanged ? text.Finish() : plain;
        if (!_patterns.IsEmpty)
        {
            (masked, var found) = _patterns.Mask(masked);
            (count, isChanged) = (count + found, isChanged || found > 0);
        }

        // Of a body that is cut after decoding nobody has seen the rest, which is still there in what came.
        if (!isChanged && !(wasDecoded && isCut))
            return Unchanged(message.Body);
        var length = isCut ? Math.Max(message.BodyLength, masked.Length + 1L) : masked.Length;
        return new(masked, count, new BodyChange(true, wasDecoded, length), WasDropped: false);
    }

    private bool TryMask(ref MaskedText text, Kind kind, ReadOnlySpan<byte> type, bool isCut)
    {
        switch (kind)
        {
            case Kind.Json when !_json.IsEmpty:
                return _json.TryMask(ref text, isCut);
            case Kind.Form when !_form.IsEmpty:
                PairMasking.Mask(ref text, 0, text.Source.Length, (byte)'&', _form);
                return true;
            case Kind.Multipart when !_form.IsEmpty:
                return MultipartMasking.TryMask(ref text, type, isCut, _form);
            default:
                return true;
        }
    }

    private bool Concerns(Kind kind) => !_patterns.IsEmpty || kind switch
    {
        Kind.Json => !_json.IsEmpty,
        Kind.Form => !_form.IsEmpty || !_json.IsEmpty,
        Kind.Multipart => !_form.IsEmpty,
        Kind.Untold => !_json.IsEmpty,
        _ => false,
    };

    private static Kind KindOf(ReadOnlySpan<byte> type)
    {
        Span<byte> lower = stackalloc byte[64];
        if (System.Text.Ascii.ToLower(type[..Math.Min(type.Length, lower.Length)], lower, out var length) != OperationStatus.Done)
            return Kind.Untold;
        ReadOnlySpan<byte> name = lower[..length];
        if (name.IndexOf("json"u8) >= 0)
            return Kind.Json;
        if (name.StartsWith("application/x-www-form-urlencoded"u8))
            return Kind.Form;
        if (name.StartsWith("multipart/form-data"u8))
            return Kind.Multipart;
        return name.IsEmpty || name.StartsWith("text/plain"u8) || name.StartsWith("application/octet-stream"u8) ? Kind.Untold : Kind.Other;
    }

    private static bool LooksLikeJson(ReadOnlySpan<byte> text)
    {
        text = text.StartsWith("\uFEFF"u8) ? text[3..] : text;
        return text.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];
    }

    private static MaskedBody Unchanged(ReadOnlyMemory<byte> body) => new(body, 0, default, WasDropped: false);

    private static MaskedBody Dropped() => new(default, 0, default, WasDropped: true);
}
