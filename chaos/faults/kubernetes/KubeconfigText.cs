using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>
/// Reads a kubeconfig as clusters' own tools write it: JSON, or YAML of maps, lists and one-line values, one below the other.
/// </summary>
/// <remarks>The rest of YAML has no business in this file; what uses it is told how to write it as JSON. So the agent carries no YAML library.</remarks>
internal sealed class KubeconfigText
{
    private readonly List<Line> _lines;
    private int _at;

    private KubeconfigText(List<Line> lines) => _lines = lines;

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static JsonObject Read(string text)
    {
        try
        {
            if (text.TrimStart().StartsWith('{'))
                return JsonNode.Parse(text) as JsonObject ?? throw new FormatException("it is no object");
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
        var lines = text.Split('\n').Select((t, i) => new Line(i + 1, t.Length - t.TrimStart(' ').Length, t.Trim()))
            .Where(l => l.Text.Length > 0 && l.Text[0] != '#' && l.Text != "---").ToList();
        var reader = new KubeconfigText(lines);
        var read = reader.Block(0) as JsonObject ?? throw new FormatException("it is no map");
        return reader._at == lines.Count ? read : throw reader.Odd();
    }

    private JsonNode? Block(int indent)
    {
        if (_at == _lines.Count || _lines[_at].Indent < indent)
            return null;
        return IsItem(_lines[_at]) ? Items(_lines[_at].Indent) : Map(_lines[_at].Indent);
    }

    private JsonArray Items(int indent)
    {
        var items = new JsonArray();
        while (_at < _lines.Count && _lines[_at].Indent == indent && IsItem(_lines[_at]))
        {
            var line = _lines[_at];
            var rest = line.Text[1..].TrimStart();
            if (rest.Length == 0)
            {
                _at++;
                items.Add(Block(indent + 1));
            }
            else if (KeyOf(rest) is null)
            {
                _at++;
                items.Add(Scalar(rest));
            }
            else
            {
                // What stands behind the dash is a map that goes on below, as far in.
                _lines[_at] = line with { Indent = indent + line.Text.Length - rest.Length, Text = rest };
                items.Add((JsonNode)Map(_lines[_at].Indent));
            }
        }
        return items;
    }

    private JsonObject Map(int indent)
    {
        var map = new JsonObject();
        while (_at < _lines.Count && _lines[_at].Indent == indent && !IsItem(_lines[_at]))
        {
            var text = _lines[_at].Text;
            var key = KeyOf(text) ?? throw Odd();
            var rest = text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            if (rest.StartsWith('#'))
                rest = "";
            map[key] = rest.Length > 0 ? Scalar(rest) : null;
            _at++;
            // A list may stand as far out as the key that it belongs to.
            if (rest.Length == 0 && _at < _lines.Count && (_lines[_at].Indent > indent || (_lines[_at].Indent == indent && IsItem(_lines[_at]))))
                map[key] = Block(indent);
        }
        if (_at < _lines.Count && _lines[_at].Indent > indent)
            throw Odd();
        return map;
    }

    private JsonNode? Scalar(string text) => text switch
    {
        "{}" => new JsonObject(),
        "[]" => new JsonArray(),
        "null" or "~" => null,
        ['"', .. var inner, '"'] when !inner.Contains('"', StringComparison.Ordinal) && !inner.Contains('\\', StringComparison.Ordinal) => inner,
        ['\'', .. var inner, '\''] => inner.Replace("''", "'", StringComparison.Ordinal),
        ['"' or '\'' or '{' or '[' or '&' or '*' or '!' or '|' or '>' or '%' or '@', ..] => throw Odd(),
        _ => text.Split(" #")[0].TrimEnd(),
    };

    private static bool IsItem(Line line) => line.Text == "-" || line.Text.StartsWith("- ", StringComparison.Ordinal);

    private static string? KeyOf(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && (colon == text.Length - 1 || text[colon + 1] == ' ') && text[0] is not ('"' or '\'' or '{' or '[') ? text[..colon] : null;

    private FormatException Odd() =>
        new($"line {_lines[Math.Min(_at, _lines.Count - 1)].Number} is not understood; write it as JSON (kubectl config view --raw --flatten -o json)");

    private readonly record struct Line(int Number, int Indent, string Text);
}
