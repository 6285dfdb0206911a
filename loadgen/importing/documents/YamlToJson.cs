using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pressure.LoadGen.Importing;

/// <summary>Turns a YAML document into JSON, so that one reader does for both. Anchors are refused: a few lines of them make gigabytes.</summary>
internal sealed partial class YamlToJson
{
    private const int Deepest = 100;
    private const int MostNodes = 2_000_000;
    private const int MostCharacters = 32 * 1024 * 1024;
    private const string Remedy = "Check brackets, quotes and indentation here, or convert the document to JSON.";

    private readonly Parser _parser;
    private readonly Utf8JsonWriter _json;
    private readonly ImportScope _scope;
    private int _nodes;

    private YamlToJson(string text, Utf8JsonWriter json, ImportScope scope) => (_parser, _json, _scope) = (new(new StringReader(text)), json, scope);

    /// <summary>The root; null after saying what is wrong and where.</summary>
    public static JsonElement? Parse(string text, ImportScope scope)
    {
        if (text.Length > MostCharacters)
        {
            scope.Fail($"the YAML is longer than {MostCharacters >> 20} Mi characters", "Convert it to JSON.");
            return null;
        }
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new() { MaxDepth = Deepest + 2, SkipValidation = true });
        var reader = new YamlToJson(text, json, scope);
        if (!reader.ReadDocument())
            return null;
        json.Flush();
        return JsonDocument.Parse(buffer.WrittenMemory, new() { MaxDepth = Deepest + 2 }).RootElement;
    }

    private bool ReadDocument()
    {
        try
        {
            while (_parser.MoveNext() && _parser.Current is StreamStart or DocumentStart)
            {
            }
            return _parser.Current is not (null or StreamEnd) ? Write(1) : Refuse("the document is empty");
        }
        catch (YamlException e)
        {
            _scope.FailAt(e.Start.Line, e.Start.Column, e.Message.TrimEnd('.'), Remedy);
        }
        // The parser throws these on some broken texts.
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            Refuse("the YAML can't be read from here on");
        }
        return false;
    }

    private bool Write(int depth)
    {
        if (depth > Deepest)
            return Refuse($"nested deeper than {Deepest} levels");
        if (++_nodes > MostNodes)
            return Refuse($"more than {MostNodes:N0} values");
        switch (_parser.Current)
        {
            case Scalar scalar:
                WriteScalar(scalar);
                return true;
            case SequenceStart:
                return WriteSequence(depth);
            case MappingStart:
                return WriteMapping(depth);
            case AnchorAlias alias:
                return Refuse($"alias '*{Shown.Of(alias.Value.Value)}' is not read");
            default:
                return Refuse("unexpected end");
        }
    }

    private bool WriteSequence(int depth)
    {
        _json.WriteStartArray();
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
        {
            if (!Write(depth + 1))
                return false;
        }
        _json.WriteEndArray();
        return true;
    }

    private bool WriteMapping(int depth)
    {
        _json.WriteStartObject();
        while (_parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            if (_parser.Current is not Scalar key)
                return Refuse("a key is no plain text");
            _json.WritePropertyName(key.Value);
            _parser.MoveNext();
            if (!Write(depth + 1))
                return false;
        }
        _json.WriteEndObject();
        return true;
    }

    private void WriteScalar(Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain)
            _json.WriteStringValue(text);
        else if (text is "" or "~" or "null" or "Null" or "NULL")
            _json.WriteNullValue();
        else if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
            _json.WriteBooleanValue(text[0] is 't' or 'T');
        else if (JsonNumber().IsMatch(text))
            _json.WriteRawValue(text);
        else
            _json.WriteStringValue(text);
    }

    private bool Refuse(string message)
    {
        var at = _parser.Current?.Start ?? Mark.Empty;
        _scope.FailAt(at.Line, at.Column, message, Remedy);
        return false;
    }

    // RFC 8259, section 6.
    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z")]
    private static partial Regex JsonNumber();
}
