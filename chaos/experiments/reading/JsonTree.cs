using System.Text;
using System.Text.Json;

namespace Pressure.Chaos;

/// <summary>Reads JSON into nodes that know their places, within the bounds of <see cref="YamlTree"/>.</summary>
internal ref struct JsonTree
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly ExperimentProblems _problems;
    private Utf8JsonReader _reader;
    private int _nodes;
    private int _line;
    private int _lineStart;
    private int _counted;

    private JsonTree(ReadOnlySpan<byte> text, ExperimentProblems problems)
    {
        _text = text;
        _problems = problems;
        _line = 1;
        _reader = new(text, new JsonReaderOptions { MaxDepth = YamlTree.Deepest });
    }

    /// <summary>Whether a text is JSON at all.</summary>
    public static bool Fits(string text)
    {
        try
        {
            JsonDocument.Parse(text).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The root, or null after reporting why there is none.</summary>
    public static ExperimentNode? Read(string text, ExperimentProblems problems)
    {
        // Lone surrogates become question marks, which no key has.
        var tree = new JsonTree(Encoding.UTF8.GetBytes(text), problems);
        try
        {
            tree._reader.Read();
            var root = tree.ReadNode();
            // Anything behind it is a syntax error.
            tree._reader.Read();
            return root;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var at = e as JsonException;
            problems.Add((int)(at?.LineNumber ?? 0) + 1, (int)(at?.BytePositionInLine ?? 0) + 1, "", $"this is no JSON: {Reason(e.Message)}", "Check commas, brackets and quotes here.");
            return null;
        }
    }

    private ExperimentNode? ReadNode()
    {
        var (line, column) = Place();
        if (++_nodes > YamlTree.MostNodes)
        {
            _problems.Add(line, column, "", $"more than {YamlTree.MostNodes:N0} values", "Shorten the experiment.");
            return null;
        }
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadMap(line, column),
            JsonTokenType.StartArray => ReadList(line, column),
            _ => new ExperimentNode.Scalar(line, column, ValueHere()),
        };
    }

    private ExperimentNode.List? ReadList(int line, int column)
    {
        var items = new List<ExperimentNode>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (ReadNode() is not { } item)
                return null;
            items.Add(item);
        }
        return new(line, column, items);
    }

    private ExperimentNode.Map? ReadMap(int line, int column)
    {
        var entries = new List<ExperimentEntry>();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var (keyLine, keyColumn) = Place();
            var key = new ExperimentNode.Scalar(keyLine, keyColumn, _reader.GetString());
            _reader.Read();
            if (ReadNode() is not { } value)
                return null;
            entries.Add(new(key, value));
        }
        return new(line, column, entries);
    }

    private object? ValueHere() => _reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,
        JsonTokenType.Number => ScalarTyping.Number(Encoding.ASCII.GetString(_reader.ValueSpan)) ?? Encoding.ASCII.GetString(_reader.ValueSpan),
        _ => _reader.GetString(),
    };

    private (int Line, int Column) Place()
    {
        var at = (int)_reader.TokenStartIndex;
        for (; _counted < at; _counted++)
        {
            if (_text[_counted] == (byte)'\n')
                (_line, _lineStart) = (_line + 1, _counted + 1);
        }
        return (_line, Encoding.UTF8.GetCharCount(_text[_lineStart..at]) + 1);
    }

    // The library adds where it is, which is told already.
    private static string Reason(string message) => message.Split(" LineNumber:")[0].TrimEnd('.');
}
