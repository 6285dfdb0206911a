using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Pressure.Web.Forms;

/// <summary>
/// Writes a plan file being given field by field, and remembers which input each field came from, so that what the plan reader finds wrong
/// can be said where it was typed. Values go in as typed; judging them is the reader's work.
/// </summary>
internal sealed partial class PlanSketch
{
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };
    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, string> _inputs = [];

    public string Text => _text.ToString();

    /// <summary>Writes a line of structure.</summary>
    public void Line(int indent, string line) => _text.Append(' ', indent * 2).Append(line).Append('\n');

    /// <summary>Writes <paramref name="key"/> with a value; <paramref name="path"/> is the field in the plan, <paramref name="input"/> the input.</summary>
    public void Value(int indent, string key, string value, string path, string input)
    {
        Line(indent, $"{key}: {Scalar(value)}");
        From(path, input);
    }

    /// <summary>Remembers that a field of the plan comes from an input.</summary>
    public void From(string path, string input) => _inputs[path] = input;

    /// <summary>The input that a field of the plan, or the nearest field around it, came from; null when there is none.</summary>
    public string? InputOf(string path)
    {
        while (!_inputs.ContainsKey(path))
        {
            var cut = path.LastIndexOfAny(['.', '[']);
            if (cut <= 0)
                return null;
            path = path[..cut];
        }
        return _inputs[path];
    }

    /// <summary>A text as YAML: plain where it can't be taken for anything else, in double quotes (as in JSON) otherwise.</summary>
    public static string Scalar(string text) =>
        (Plain().IsMatch(text) || PlainUrl().IsMatch(text)) && !Reserved().IsMatch(text) ? text : JsonSerializer.Serialize(text, Quoted);

    [GeneratedRegex(@"^[\p{L}\p{N}/][\p{L}\p{N}/_.%?=+()<>~,*-]*( [\p{L}\p{N}/_.%()<>~*-]+)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();

    [GeneratedRegex(@"^https?://[\p{L}\p{N}/_.:?=&+%~-]*[\p{L}\p{N}/]\z", RegexOptions.NonBacktracking)]
    private static partial Regex PlainUrl();

    [GeneratedRegex(@"^(true|false|yes|no|on|off|null|y|n)\z", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Reserved();
}
