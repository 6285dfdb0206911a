using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pressure.LoadGen;

/// <summary>
/// A path to one value of a JSON text, the part of JSONPath (RFC 9535) that names exactly one: <c>$</c>, <c>.name</c>,
/// <c>['name']</c>, <c>[0]</c>.
/// </summary>
public sealed partial class JsonPath
{
    private const int Longest = 1_000;

    private readonly string _text;
    private readonly (byte[]? Name, int Index)[] _segments;

    private JsonPath(string text, (byte[]?, int)[] segments) => (_text, _segments) = (text, segments);

    /// <inheritdoc/>
    public override string ToString() => _text;

    /// <summary>The value in a JSON text: texts without quotes, maps and lists as JSON; null when there is none, or it is null.</summary>
    public byte[]? Take(ReadOnlySpan<byte> json)
    {
        if (!TryFind(json, out var reader) || reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var start = (int)reader.TokenStartIndex;
            return TrySkip(ref reader) ? json[start..(int)reader.BytesConsumed].ToArray() : null;
        }

        if (!reader.ValueIsEscaped)
            return reader.ValueSpan.ToArray();
        var text = new byte[reader.ValueSpan.Length];
        return text[..reader.CopyString(text)];
    }

    /// <summary>Reads a path. Returns null, or what is wrong with it and what to do.</summary>
    public static string? TryParse(string text, out JsonPath? path) => Parse(text, out path) is { } complaint ? $"{complaint.Message}. {complaint.Remedy}" : null;

    internal static Complaint? Parse(string text, out JsonPath? path)
    {
        path = null;
        if (text.Length > Longest || PathText().Match(text) is not { Success: true } match)
            return new($"'{Shown.Of(text)}' is not a path", "Write a path to one value: $.data.items[0].id, or $['a name'].");
        path = new(text, [.. match.Groups[1].Captures.Select(c => SegmentOf(c.Value))]);
        return null;
    }

    /// <summary>
    /// Moves a reader to the value; false when there is none, or the JSON ends or breaks off before it. A value that is a map or list is
    /// where it begins.
    /// </summary>
    internal bool TryFind(ReadOnlySpan<byte> json, out Utf8JsonReader reader)
    {
        // Not the final block: a body that was cut off just has no more to read.
        reader = new(json, isFinalBlock: false, default);
        try
        {
            var found = reader.Read();
            foreach (var (name, index) in _segments)
                found = found && (name is null ? TryEnter(ref reader, index) : TryEnter(ref reader, name));
            return found || IsWholeNumber(json, ref reader);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TrySkip(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // A number at the very end may go on, for all that the reader knows.
    private bool IsWholeNumber(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        if (_segments.Length > 0)
            return false;
        reader = new(json, isFinalBlock: true, default);
        return reader.Read();
    }

    private static bool TryEnter(ref Utf8JsonReader reader, byte[] name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            if (!reader.Read())
                return false;
            if (found)
                return true;
            if (!reader.TrySkip())
                return false;
        }

        return false;
    }

    private static bool TryEnter(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return false;
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (i == index)
                return true;
            if (!reader.TrySkip())
                return false;
        }

        return false;
    }

    private static (byte[]? Name, int Index) SegmentOf(string segment) => segment switch
    {
        ['.', .. var name] => (Encoding.UTF8.GetBytes(name), 0),
        ['[', '\'' or '"', .. var name, _, ']'] => (Encoding.UTF8.GetBytes(name), 0),
        _ => (null, int.Parse(segment.AsSpan(1, segment.Length - 2))),
    };

    [GeneratedRegex(@"\A\$(\.[\p{L}_][\p{L}\p{N}_-]*|\['[^'\\]*'\]|\[""[^""\\]*""\]|\[[0-9]{1,8}\])*\z")]
    private static partial Regex PathText();
}
