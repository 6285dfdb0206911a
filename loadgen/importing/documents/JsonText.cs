using System.Text.Json;

namespace Pressure.LoadGen.Importing;

/// <summary>Reads JSON documents of others: within a depth, and asking for members that may be absent or of another kind.</summary>
internal static class JsonText
{
    private const int Deepest = 128;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Deepest, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The root; null after saying what is wrong and where.</summary>
    public static JsonElement? Parse(string text, ImportScope scope)
    {
        try
        {
            return JsonDocument.Parse(text.AsMemory(), Options).RootElement;
        }
        catch (JsonException e)
        {
            var cutOff = e.LineNumber is { } at && at >= text.AsSpan().Count('\n') && e.BytePositionInLine >= LastLineBytes(text);
            scope.FailAt((e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1, cutOff ? "the JSON ends too early" : $"the JSON can't be read: {FirstSentence(e.Message)}", "Save the file again; it may have been cut off or edited.");
        }
        // Half a surrogate pair in the text itself.
        catch (ArgumentException)
        {
            scope.Fail("the text is not valid Unicode", "Save it as UTF-8.");
        }
        return null;
    }

    /// <summary>A member, or the undefined element.</summary>
    public static JsonElement Get(this JsonElement node, string name) =>
        node.ValueKind == JsonValueKind.Object && TryGet(node, name, out var value) ? value : default;

    /// <summary>A member's text; null when it is absent or no text.</summary>
    public static string? Text(this JsonElement node, string name) => node.Get(name).AsText();

    /// <summary>The text of a string; null for anything else, and for text that is not valid Unicode.</summary>
    public static string? AsText(this JsonElement node)
    {
        try
        {
            return node.ValueKind == JsonValueKind.String ? node.GetString() : null;
        }
        // An escape that is half a surrogate pair.
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Strings as they are, numbers and switches as written, null for anything else.</summary>
    public static string? AsScalar(this JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.String => node.AsText(),
        JsonValueKind.Number => node.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    public static bool IsTrue(this JsonElement node, string name) => node.Get(name).ValueKind == JsonValueKind.True;

    public static bool Exists(this JsonElement node) => node.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The items of a list; none when it is no list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement node) => node.ValueKind == JsonValueKind.Array ? node.EnumerateArray() : [];

    /// <summary>The members of an object; none when it is no object, and without names that are not valid Unicode.</summary>
    public static IEnumerable<(string Name, JsonElement Value)> Members(this JsonElement node)
    {
        if (node.ValueKind != JsonValueKind.Object)
            yield break;
        foreach (var member in node.EnumerateObject())
        {
            if (NameOf(member) is { } name)
                yield return (name, member.Value);
        }
    }

    /// <summary>Names with values, as HAR and Postman list them.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Pairs(this JsonElement list, string key) =>
        from item in list.Items()
        where !item.IsTrue("disabled")
        let name = item.Text(key)
        where !string.IsNullOrEmpty(name)
        select KeyValuePair.Create(name, item.Get("value").AsScalar() ?? "");

    private static bool TryGet(JsonElement node, string name, out JsonElement value)
    {
        try
        {
            return node.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException)
        {
            value = default;
            return false;
        }
    }

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static int LastLineBytes(string text) => System.Text.Encoding.UTF8.GetByteCount(text.AsSpan(text.LastIndexOf('\n') + 1));

    private static string FirstSentence(string message) => message.Split(". ")[0].TrimEnd('.');
}
