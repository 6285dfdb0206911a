using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pressure.LoadGen;

/// <summary>Turns any YAML value into compact JSON. Plain words are typed as in YAML 1.2; quoted ones are texts.</summary>
internal static partial class JsonBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes; whatever is wrong is reported.</summary>
    public static byte[] Read(PlanNode node, string path, ProblemList problems)
    {
        // A text here is nearly always JSON that somebody put in quotes.
        if (node is PlanNode.Scalar { IsNull: false } text && (text.Quoted || !IsPlainLiteral(text.Text)))
        {
            problems.Add(node, path, "is a text, not JSON", "Write the JSON here without quotes around the whole, or use body: with a Content-Type header.");
            return [];
        }
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
            Write(node, path, json, problems);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(PlanNode node, string path, Utf8JsonWriter json, ProblemList problems)
    {
        switch (node)
        {
            case PlanNode.Mapping map:
                WriteMap(map, path, json, problems);
                break;
            case PlanNode.Sequence list:
                json.WriteStartArray();
                for (var i = 0; i < list.Items.Count; i++)
                    Write(list.Items[i], $"{path}[{i}]", json, problems);
                json.WriteEndArray();
                break;
            case PlanNode.Scalar { IsNull: true }:
                json.WriteNullValue();
                break;
            case PlanNode.Scalar { Quoted: false, Text: "true" or "false" } word:
                json.WriteBooleanValue(word.Text == "true");
                break;
            case PlanNode.Scalar { Quoted: false } word when JsonNumber().IsMatch(word.Text):
                json.WriteRawValue(word.Text);
                break;
            case PlanNode.Scalar { Quoted: false } word when OtherNumber().IsMatch(word.Text):
                problems.Add(word, path, $"'{Shown.Of(word.Text)}' is a number that JSON can't write", "Write it as JSON does, or in quotes if it is a text.");
                json.WriteNullValue();
                break;
            case PlanNode.Scalar text:
                json.WriteStringValue(text.Text);
                break;
        }
    }

    private static void WriteMap(PlanNode.Mapping map, string path, Utf8JsonWriter json, ProblemList problems)
    {
        json.WriteStartObject();
        var names = new HashSet<string>();
        foreach (var (key, value) in map.Entries)
        {
            var at = $"{path}.{Shown.Of(key.Text)}";
            if (!names.Add(key.Text))
                problems.Add(key, at, $"'{Shown.Of(key.Text)}' is given twice", "Keep one of them.");
            json.WritePropertyName(key.Text);
            Write(value, at, json, problems);
        }
        json.WriteEndObject();
    }

    /// <summary>Whether a value is a number, true, false or null, as JSON writes them.</summary>
    public static bool IsLiteral(PlanNode.Scalar scalar) => scalar.IsNull || (!scalar.Quoted && (scalar.Text is "true" or "false" || JsonNumber().IsMatch(scalar.Text)));

    private static bool IsPlainLiteral(string text) => text is "true" or "false" || JsonNumber().IsMatch(text) || OtherNumber().IsMatch(text);

    // RFC 8259, section 6. \z, since $ would let a line break through.
    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z")]
    private static partial Regex JsonNumber();

    [GeneratedRegex(@"\A([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z")]
    private static partial Regex OtherNumber();
}
