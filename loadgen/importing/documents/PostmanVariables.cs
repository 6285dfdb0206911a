using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pressure.LoadGen.Importing;

/// <summary>Variables of a collection and its folders: <c>{{name}}</c>, inner ones hide outer ones.</summary>
internal sealed partial class PostmanVariables
{
    // Values may name variables in turn; more than these go in a circle.
    private const int Deepest = 10;
    private const int Longest = 1_000_000;

    private readonly Dictionary<string, string> _values;

    private PostmanVariables(Dictionary<string, string> values) => _values = values;

    public static PostmanVariables None { get; } = new([]);

    /// <summary>These and those of a <c>variable</c> list.</summary>
    public PostmanVariables With(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
            return this;
        var values = new Dictionary<string, string>(_values);
        foreach (var item in list.Items().Where(i => !i.IsTrue("disabled")))
        {
            if ((item.Text("key") ?? item.Text("id")) is { Length: > 0 } name && item.Get("value").AsScalar() is { Length: > 0 } value)
                values[name] = value;
        }
        return new(values);
    }

    /// <summary>The text with every known variable replaced.</summary>
    public string Resolve(string text)
    {
        for (var depth = 0; depth < Deepest && text.Contains("{{", StringComparison.Ordinal) && text.Length < Longest; depth++)
        {
            // Values that multiply themselves end here, unresolved.
            var left = Longest;
            var resolved = Variable().Replace(text, m => _values.TryGetValue(m.Groups[1].Value, out var value) && (left -= value.Length) > 0 ? value : m.Value);
            if (resolved == text)
                break;
            text = resolved;
        }
        return text;
    }

    /// <summary>The first variable left in a text.</summary>
    public static string? Unresolved(string text) => Variable().Match(text) is { Success: true } match ? match.Value : null;

    [GeneratedRegex(@"\{\{\s*([^{}\s]{1,200})\s*\}\}")]
    private static partial Regex Variable();
}
