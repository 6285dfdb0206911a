using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pressure.LoadGen;

/// <summary>Builds block-style YAML with quotes only where they are needed.</summary>
internal sealed partial class YamlText
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StringBuilder _text = new();
    private string _indent = "";
    // "- " before the first field of a list's item.
    private bool _opensItem;

    public override string ToString() => _text.ToString();

    /// <summary>A field, unless its value is blank.</summary>
    public void Field(string key, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
            Text(key, value.Trim());
    }

    /// <summary>A field with exactly this text.</summary>
    public void Text(string key, string value) => Verbatim(key, Scalar(value));

    /// <summary>A field whose value is YAML already.</summary>
    public void Verbatim(string key, string yaml) => Line($"{Scalar(key)}: {yaml}");

    public void Map(string key, Action content)
    {
        Line($"{Scalar(key)}:");
        var before = _text.Length;
        Indented(content);
        if (_text.Length == before)
            _text.Insert(before - 1, " {}");
    }

    public void List<T>(string key, IReadOnlyList<T> items, Action<T, int> content)
    {
        if (items.Count == 0)
            return;
        Line($"{Scalar(key)}:");
        for (var i = 0; i < items.Count; i++)
        {
            _opensItem = true;
            Indented(() => Indented(() => content(items[i], i)));
            if (_opensItem)
                Indented(() => Indented(() => Line("{}")));
        }
    }

    /// <summary>Names with values: a map where that says the same, else a list of one-key maps.</summary>
    public void Pairs(string key, IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        if (pairs.DistinctBy(p => p.Key).Count() < pairs.Count)
            List(key, pairs, (p, _) => Text(p.Key, p.Value));
        else if (pairs.Count > 0)
            Map(key, () => pairs.ToList().ForEach(p => Text(p.Key, p.Value)));
    }

    /// <summary>The JSON on one line as YAML reads it; null if it is no JSON object, list, number, switch or null.</summary>
    public static string? JsonOnOneLine(string text)
    {
        try
        {
            var node = JsonNode.Parse(text);
            var json = node is null ? "null" : node.ToJsonString(Options);
            // YAML wants keys before a colon to be short.
            return node?.GetValueKind() == JsonValueKind.String || LongKey().IsMatch(json) ? null : json;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    public static string Scalar(string text)
    {
        return Plain().IsMatch(text) && !Special().IsMatch(text) ? text : Quoted(text);
    }

    /// <summary>A text in quotes, whether it needs them or not.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                // Line breaks to YAML, or invisible to people.
                < ' ' or '\u007f' or '\u0085' or '\u00a0' or '\u2028' or '\u2029' or '\ufeff' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }
        return quoted.Append('"').ToString();
    }

    private void Line(string line)
    {
        var indent = _opensItem ? _indent[..^2] + "- " : _indent;
        _opensItem = false;
        _text.Append(indent).Append(line).Append('\n');
    }

    private void Indented(Action content)
    {
        _indent += "  ";
        content();
        _indent = _indent[..^2];
    }

    // What YAML reads as it stands, after a key as well as before a colon.
    [GeneratedRegex(@"\A[\p{L}\p{N}/_(][\p{L}\p{N}/_.%+=&?@~()<>:;*!$'| -]*\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@": |[: ]\z|\A(null|Null|NULL)\z")]
    private static partial Regex Special();

    [GeneratedRegex(@"""[^""]{500,}"":")]
    private static partial Regex LongKey();
}
