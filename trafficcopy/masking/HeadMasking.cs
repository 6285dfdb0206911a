using System.Buffers;

namespace Pressure.TrafficCopy;

/// <summary>Masks heads: the target of a request, and fields.</summary>
internal sealed class HeadMasking(MaskRules rules)
{
    private static readonly SearchValues<byte> EndOfUrl = SearchValues.Create(" \"'<>#"u8);

    private readonly MaskedNames _headers = new(rules, MaskPlace.Header);
    private readonly MaskedNames _cookies = new(rules, MaskPlace.Cookie);
    private readonly MaskedNames _query = new(rules, MaskPlace.Query);

    /// <summary>Masks the head, and brings the fields that tell of the body in line with what became of it.</summary>
    public void Mask(ref MaskedText text, BodyChange body)
    {
        var at = 0;
        for (var isFirst = true; at < text.Source.Length; isFirst = false)
        {
            var rest = text.Source[at..];
            var end = rest.IndexOf((byte)'\n');
            var whole = end < 0 ? rest : rest[..(end + 1)];
            var line = whole.TrimEnd("\r\n"u8);
            if (isFirst)
                MaskUrl(ref text, at, line.Length);
            else
                MaskField(ref text, at, line, whole.Length, body);
            at += whole.Length;
        }
    }

    private void MaskField(ref MaskedText text, int at, ReadOnlySpan<byte> line, int whole, BodyChange body)
    {
        var colon = line.IndexOf((byte)':');
        var name = (colon < 0 ? line : line[..colon]).Trim(" \t"u8);
        var valueAt = colon + 1;
        while (valueAt < line.Length && line[valueAt] is (byte)' ' or (byte)'\t')
            valueAt++;
        var value = line[valueAt..].TrimEnd(" \t"u8);
        if (body.IsChanged && MendsFraming(ref text, at, name, valueAt, value.Length, whole, body))
            return;
        if (Is(name, "cookie"u8) && !_cookies.IsEmpty)
            PairMasking.Mask(ref text, at + valueAt, value.Length, (byte)';', _cookies);
        else if (Is(name, "set-cookie"u8) && !_cookies.IsEmpty)
            PairMasking.MaskPair(ref text, at + valueAt, value.IndexOf((byte)';') is >= 0 and var end ? value[..end] : value, _cookies, isCookie: true);
        else if (_headers.Has(name))
            MaskValue(ref text, at + valueAt, name, value);
        else
            MaskUrl(ref text, at + valueAt, value.Length);
    }

    /// <summary>A credential's scheme stays: <c>Bearer ***</c>.</summary>
    private static void MaskValue(ref MaskedText text, int at, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var scheme = Is(name, "authorization"u8) || Is(name, "proxy-authorization"u8) ? value.IndexOf((byte)' ') + 1 : 0;
        text.Mask(at + scheme, value.Length - scheme);
    }

    /// <summary>Fields that say what the body was before it was masked.</summary>
    private static bool MendsFraming(ref MaskedText text, int at, ReadOnlySpan<byte> name, int valueAt, int length, int whole, BodyChange body)
    {
        if (Is(name, "content-length"u8))
        {
            Span<byte> digits = stackalloc byte[20];
            body.NewLength.TryFormat(digits, out var written);
            text.Replace(at + valueAt, length, digits[..written]);
            return true;
        }

        if ((Is(name, "content-encoding"u8) && body.IsDecoded) || IsDigest(name))
        {
            text.Replace(at, whole, []);
            return true;
        }

        return false;
    }

    // Not true any more, and something to try secrets out on.
    private static bool IsDigest(ReadOnlySpan<byte> name) => Is(name, "content-md5"u8) || Is(name, "digest"u8) || Is(name, "content-digest"u8) || Is(name, "repr-digest"u8);

    /// <summary>Masks in what is a URL or holds one: parameters behind a question mark, a password before an at sign, web tokens.</summary>
    private void MaskUrl(ref MaskedText text, int at, int length)
    {
        var url = text.Source.Slice(at, length);
        var query = _query.IsEmpty ? -1 : url.IndexOf((byte)'?');
        var front = query < 0 ? url : url[..query];
        if (rules.Secrets)
            MaskFront(ref text, at, front);
        if (query < 0)
            return;
        var pairs = url[(query + 1)..];
        var end = pairs.IndexOfAny(EndOfUrl);
        pairs = end < 0 ? pairs : pairs[..end];
        PairMasking.Mask(ref text, at + query + 1, pairs.Length, (byte)'&', _query);
        // A fragment may hold parameters too: #access_token=...
        var rest = at + query + 1 + pairs.Length;
        if (rest < at + length)
            MaskFragment(ref text, rest, at + length - rest);
    }

    private void MaskFront(ref MaskedText text, int at, ReadOnlySpan<byte> front)
    {
        var fragment = front.IndexOf((byte)'#');
        var path = fragment < 0 ? front : front[..fragment];
        var scheme = path.IndexOf("://"u8);
        if (scheme >= 0)
        {
            var authority = path[(scheme + 3)..];
            var slash = authority.IndexOf((byte)'/');
            var user = (slash < 0 ? authority : authority[..slash]).LastIndexOf((byte)'@');
            if (user > 0)
                text.Mask(at + scheme + 3, user);
        }

        if (WebToken.Find(path) is (var token, var tokenLength))
            text.Mask(at + token, tokenLength);
        if (fragment >= 0)
            MaskFragment(ref text, at + fragment, front.Length - fragment);
    }

    private void MaskFragment(ref MaskedText text, int at, int length)
    {
        var fragment = text.Source.Slice(at, length).IndexOf((byte)'#');
        if (fragment >= 0)
            PairMasking.Mask(ref text, at + fragment + 1, length - fragment - 1, (byte)'&', _query);
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower) => name.Length == lower.Length && System.Text.Ascii.EqualsIgnoreCase(name, lower);
}

/// <summary>What became of a body.</summary>
/// <param name="IsChanged">Whether it is not the one that came.</param>
/// <param name="IsDecoded">Whether it is without its content coding now.</param>
/// <param name="NewLength">How long it is now.</param>
internal readonly record struct BodyChange(bool IsChanged, bool IsDecoded, long NewLength);

/// <summary>JSON web tokens: three base64url parts with dots between, of which the first is a JSON object.</summary>
internal static class WebToken
{
    private static readonly SearchValues<byte> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."u8);

    /// <summary>Where the first one is, and how long.</summary>
    public static (int At, int Length)? Find(ReadOnlySpan<byte> text)
    {
        for (var from = 0; text[from..].IndexOf("eyJ"u8) is >= 0 and var found; from += found + 3)
        {
            var token = text[(from + found)..];
            var end = token.IndexOfAnyExcept(Letters);
            token = end < 0 ? token : token[..end];
            if (token.Length >= 20 && token.Count((byte)'.') >= 2)
                return (from + found, token.Length);
        }

        return null;
    }
}
