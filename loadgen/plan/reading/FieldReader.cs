namespace Pressure.LoadGen;

/// <summary>Reads the fields of one map, reporting whatever is wrong at its place.</summary>
internal sealed class FieldReader
{
    private readonly PlanNode.Mapping _map;
    private readonly Dictionary<string, PlanEntry> _entries;

    private FieldReader(PlanNode.Mapping map, string path, ProblemList problems)
    {
        (_map, Path, Problems) = (map, path, problems);
        _entries = [];
        foreach (var entry in map.Entries)
        {
            if (!_entries.TryAdd(entry.Key.Text, entry))
                problems.Add(entry.Key, PathTo(entry.Key.Text), $"'{Shown.Of(entry.Key.Text)}' is given twice", "Keep one of them.");
        }
    }

    public string Path { get; }

    public ProblemList Problems { get; }

    /// <summary>Keys present, in order.</summary>
    public IEnumerable<string> Keys => _entries.Keys;

    public PlanNode? this[string key] => _entries.TryGetValue(key, out var entry) ? entry.Value : null;

    /// <summary>Opens a map of which all keys are known; null after reporting when the node is no map.</summary>
    public static FieldReader? Open(PlanNode node, string path, KeyTable table, ProblemList problems)
    {
        if (Open(node, path, $"Write a map with {List(table.Keys)}.", problems) is not { } fields)
            return null;
        foreach (var entry in fields._entries.Values)
            fields.CheckKnown(entry.Key, table);
        return fields;
    }

    /// <summary>Opens a map with free keys.</summary>
    public static FieldReader? Open(PlanNode node, string path, string remedy, ProblemList problems)
    {
        if (node is PlanNode.Mapping map)
            return new(map, path, problems);
        problems.Add(node, path, $"is {node.Kind}, but should be a map", remedy);
        return null;
    }

    public string PathTo(string key) => Path.Length == 0 ? Shown.Of(key) : $"{Path}.{Shown.Of(key)}";

    public bool Has(string key) => _entries.ContainsKey(key);

    public void Report(string key, string message, string remedy) =>
        Problems.Add(_entries.TryGetValue(key, out var entry) ? entry.Value : _map, PathTo(key), message, remedy);

    /// <summary>Reports something about the map as a whole.</summary>
    public void Report(string message, string remedy) => Problems.Add(_map, Path, message, remedy);

    /// <summary>The node of a field that must be there.</summary>
    public PlanNode? Required(string key, string remedy)
    {
        if (this[key] is { } node)
            return node;
        Report(key, "is missing", remedy);
        return null;
    }

    /// <summary>A value, or <paramref name="otherwise"/> when it is absent or wrong.</summary>
    public T Read<T>(string key, ValueReader<T> reader, T otherwise) =>
        this[key] is { } node && ScalarReader.TryRead(node, PathTo(key), reader, Problems, out var value) ? value : otherwise;

    private void CheckKnown(PlanNode.Scalar key, KeyTable table)
    {
        if (table.Keys.Contains(key.Text))
            return;
        if (Suggestion.For(key.Text, table.Keys) is { } meant)
            Problems.Add(key, PathTo(key.Text), $"unknown key '{Shown.Of(key.Text)}'", $"Did you mean '{meant}'?");
        else
            Problems.Add(key, PathTo(key.Text), $"unknown key '{Shown.Of(key.Text)}'", $"Known here: {List(table.Keys)}.");
    }

    private static string List(IEnumerable<string> keys) => string.Join(", ", keys);
}
