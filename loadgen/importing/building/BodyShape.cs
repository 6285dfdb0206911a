using System.Text.Json;

namespace Pressure.LoadGen.Importing;

/// <summary>Writes a body the way people would: JSON as <c>json</c>, a form as <c>form</c>, where that sends the same bytes or means the same.</summary>
internal static class BodyShape
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Json = "application/json";

    // Plans nest 32 levels, of which the step takes some.
    private const int DeepestJson = 24;

    public static UrlDraft Shaped(UrlDraft draft, string? body)
    {
        if (string.IsNullOrEmpty(body))
            return draft;
        var type = ContentType(draft.Headers);
        if (type.Equals(Json, StringComparison.OrdinalIgnoreCase) && IsJsonTree(body))
            return draft with { Body = body, BodyKind = BodyKind.Json, Headers = WithoutType(draft.Headers) };
        if (type.Equals(Form, StringComparison.OrdinalIgnoreCase) && AsForm(body) is { } form)
            return draft with { Form = form, Headers = WithoutType(draft.Headers) };
        return AsText(draft with { Body = body });
    }

    /// <summary>The body as text, with its type said.</summary>
    public static UrlDraft AsText(UrlDraft draft)
    {
        var type = ContentType(draft.Headers);
        if (type.Length == 0 && draft.BodyKind == BodyKind.Json)
            draft = draft with { Headers = [.. draft.Headers, new("Content-Type", Json)] };
        return draft with { BodyKind = BodyKind.Text };
    }

    public static string ContentType(IEnumerable<KeyValuePair<string, string>> headers) =>
        headers.FirstOrDefault(h => h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value?.Trim() ?? "";

    private static List<KeyValuePair<string, string>> WithoutType(IEnumerable<KeyValuePair<string, string>> headers) =>
        [.. headers.Where(h => !h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))];

    private static bool IsJsonTree(string body) => body.AsSpan().TrimStart() is ['{' or '[', ..] && IsShallow(body) && YamlText.JsonOnOneLine(body) is not null;

    private static bool IsShallow(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new() { MaxDepth = DeepestJson });
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The fields, if writing them gives the body again, byte by byte.</summary>
    private static List<KeyValuePair<string, string>>? AsForm(string body)
    {
        var fields = body.Split('&').Select(pair => pair.Split('=', 2)).ToList();
        if (fields.Exists(f => f.Length != 2 || f[0].Length == 0))
            return null;
        var form = fields.ConvertAll(f => KeyValuePair.Create(Uri.UnescapeDataString(f[0]), Uri.UnescapeDataString(f[1])));
        return UrlText.Encode(form) == body ? form : null;
    }
}
