using System.Globalization;
using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>A node of an experiment's file with its place (line and column from 1). A closed set.</summary>
internal abstract record ExperimentNode
{
    private ExperimentNode(int line, int column) => (Line, Column) = (line, column);

    public int Line { get; }

    public int Column { get; }

    /// <summary>For messages: "is a list".</summary>
    public abstract string Kind { get; }

    /// <summary>The same as JSON.</summary>
    public abstract JsonNode? ToJson();

    /// <summary>One value.</summary>
    /// <param name="Line">From 1.</param>
    /// <param name="Column">From 1.</param>
    /// <param name="Value">Null, a bool, a long, a double or a string.</param>
    public sealed record Scalar(int Line, int Column, object? Value) : ExperimentNode(Line, Column)
    {
        public override string Kind => Value switch { null => "nothing", bool => "a switch", long or double => "a number", _ => "a text" };

        /// <summary>Holds, or was made with, what must never be written anywhere.</summary>
        public bool Secret { get; init; }

        /// <summary>The value as text.</summary>
        public string Text => Value switch
        {
            bool flag => flag ? "true" : "false",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            null => "",
            _ => (string)Value,
        };

        public override JsonNode? ToJson() => Value switch
        {
            null => null,
            bool flag => JsonValue.Create(flag),
            long number => JsonValue.Create(number),
            double number => JsonValue.Create(number),
            _ => JsonValue.Create((string)Value),
        };
    }

    public sealed record List(int Line, int Column, IReadOnlyList<ExperimentNode> Items) : ExperimentNode(Line, Column)
    {
        public override string Kind => "a list";

        public override JsonNode ToJson() => new JsonArray([.. Items.Select(i => i.ToJson())]);
    }

    public sealed record Map(int Line, int Column, IReadOnlyList<ExperimentEntry> Entries) : ExperimentNode(Line, Column)
    {
        public override string Kind => "a map";

        public ExperimentNode? this[string key] => Entries.FirstOrDefault(e => e.Key.Text == key)?.Value;

        /// <summary>Of a key that is given twice, the first value.</summary>
        public override JsonObject ToJson()
        {
            var json = new JsonObject();
            foreach (var (key, value) in Entries)
                json.TryAdd(key.Text, value.ToJson());
            return json;
        }
    }
}

/// <summary>A key with its value.</summary>
internal sealed record ExperimentEntry(ExperimentNode.Scalar Key, ExperimentNode Value);
