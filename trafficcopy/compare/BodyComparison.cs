using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;

namespace Pressure.TrafficCopy;

/// <summary>Compares two bodies by what they are: JSON, a form, text, or bytes.</summary>
internal static class BodyComparison
{
    /// <summary>Bytes of a body that are looked at once it is decoded.</summary>
    public const int MostDecoded = 4 << 20;

    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = JsonComparison.MostDepth };

    public static void Compare(AnswerHead expectedHead, in CapturedMessage expected, AnswerHead actualHead, in CapturedMessage actual, ComparisonRules rules, AnswerDifferences found)
    {
        if (IsSame(expectedHead, expected, actualHead, actual))
            return;
        var (that, @this) = (Decode(expectedHead, expected), Decode(actualHead, actual));
        found.LeftOut |= that.LeftOut | @this.LeftOut;
        if ((that.LeftOut | @this.LeftOut) != LeftOut.None)
            CompareParts(expectedHead.MediaType, that, @this, rules, found);
        else if (!that.Bytes.Span.SequenceEqual(@this.Bytes.Span))
            CompareWhole(expectedHead, that.Bytes, actualHead, @this.Bytes, rules, found);
    }

    /// <summary>The usual case costs no decoding.</summary>
    private static bool IsSame(AnswerHead expectedHead, in CapturedMessage expected, AnswerHead actualHead, in CapturedMessage actual) =>
        expected.BodyLength == actual.BodyLength && expected.Body.Length == expected.BodyLength && actual.Body.Length == actual.BodyLength
        && expectedHead["Content-Encoding"] == actualHead["Content-Encoding"] && expected.Body.Span.SequenceEqual(actual.Body.Span);

    private static DecodedBody Decode(AnswerHead head, in CapturedMessage message) =>
        BodyDecoder.Decode(message.Body, head["Content-Encoding"], message.Body.Length < message.BodyLength, MostDecoded);

    /// <summary>
    /// Of what is not whole the beginnings are compared, as far as both are there and can be read; not of JSON, whose differences that do not matter can't be
    /// told from others in a torn text.
    /// </summary>
    private static void CompareParts(string mediaType, DecodedBody expected, DecodedBody actual, ComparisonRules rules, AnswerDifferences found)
    {
        if (((expected.LeftOut | actual.LeftOut) & LeftOut.Encoding) != 0 || SaysJson(mediaType))
            return;
        var (that, @this) = (expected.Bytes, actual.Bytes);
        if (actual.LeftOut != LeftOut.None)
            that = that[..Math.Min(that.Length, @this.Length)];
        if (expected.LeftOut != LeftOut.None)
            @this = @this[..Math.Min(that.Length, @this.Length)];
        TextComparison.Compare(that.Span, @this.Span, rules, found);
    }

    private static void CompareWhole(AnswerHead expectedHead, ReadOnlyMemory<byte> expected, AnswerHead actualHead, ReadOnlyMemory<byte> actual, ComparisonRules rules, AnswerDifferences found)
    {
        using var that = Json(expectedHead, expected, found);
        using var @this = Json(actualHead, actual, found);
        if (that is not null && @this is not null)
            new JsonComparison(rules, found).Compare(that.RootElement, @this.RootElement);
        else if (that is not null || @this is not null)
            found.Add("body", DifferenceKind.Type, Said(expectedHead, that, expected.Span), Said(actualHead, @this, actual.Span));
        else if (!IsForm(expectedHead) || !IsForm(actualHead) || !FormComparison.TryCompare(expected.Span, actual.Span, rules, found))
            CompareBytes(expected.Span, actual.Span, rules, found);
    }

    private static void CompareBytes(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, ComparisonRules rules, AnswerDifferences found)
    {
        if (IsText(expected) && IsText(actual))
            TextComparison.Compare(expected, actual, rules, found);
        else
            found.Add("body", expected.Length == actual.Length ? DifferenceKind.Changed : DifferenceKind.Length, Fingerprint(expected), Fingerprint(actual));
    }

    /// <summary>What says that it is JSON, or looks like it and does not say otherwise; null when it can't be read as such.</summary>
    private static JsonDocument? Json(AnswerHead head, ReadOnlyMemory<byte> body, AnswerDifferences found)
    {
        var type = head.MediaType;
        var says = SaysJson(type);
        if (!says && type is not ("" or "text/plain" or "application/octet-stream"))
            return null;
        var text = body.Span.TrimStart(" \t\r\n"u8);
        if (!says && text is not ([(byte)'{' or (byte)'[', ..]))
            return null;
        try
        {
            return JsonDocument.Parse(body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body, JsonOptions);
        }
        catch (JsonException)
        {
            if (IsDeep(text))
                found.LeftOut |= LeftOut.Depth;
            return null;
        }
    }

    /// <summary>Whether it is nested beyond the limit as far as brackets tell; what stands in texts may make it look so.</summary>
    private static bool IsDeep(ReadOnlySpan<byte> json)
    {
        var depth = 0;
        foreach (var b in json)
        {
            depth += b is (byte)'{' or (byte)'[' ? 1 : b is (byte)'}' or (byte)']' ? -1 : 0;
            if (depth > JsonComparison.MostDepth)
                return true;
        }
        return false;
    }

    private static bool SaysJson(string mediaType) => mediaType.EndsWith("json", StringComparison.Ordinal);

    private static bool IsForm(AnswerHead head) => head.MediaType == "application/x-www-form-urlencoded";

    private static bool IsText(ReadOnlySpan<byte> body) => !body[..Math.Min(body.Length, 1024)].Contains((byte)0) && Utf8.IsValid(body);

    private static string Said(AnswerHead head, JsonDocument? json, ReadOnlySpan<byte> body) =>
        $"{(json is not null ? "JSON" : head.MediaType is { Length: > 0 } type ? type : "?")}: {Excerpt.Of(body)}";

    private static string Fingerprint(ReadOnlySpan<byte> body) => $"{body.Length} B, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 8))}…";
}
