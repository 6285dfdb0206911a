namespace Pressure.Chaos;

/// <summary>Reads the fields of one map, reporting whatever is wrong at its place.</summary>
internal sealed class ExperimentFields
{
    private readonly ExperimentNode.Map _map;
    private readonly Dictionary<string, ExperimentEntry> _entries = [];

    private ExperimentFields(ExperimentNode.Map map, string path, ExperimentProblems problems)
    {
        (_map, Path, Problems) = (map, path, problems);
        foreach (var entry in map.Entries)
        {
            if (!_entries.TryAdd(entry.Key.Text, entry))
                problems.Add(entry.Key, PathTo(entry.Key.Text), $"'{ExperimentProblems.Shown(entry.Key.Text)}' is given twice", "Keep one of them.");
        }
    }

    public string Path { get; }

    public ExperimentProblems Problems { get; }

    /// <summary>The map as a whole, for its place.</summary>
    public ExperimentNode.Map Node => _map;

    /// <summary>In the order of the file.</summary>
    public IEnumerable<ExperimentEntry> Entries => _entries.Values;

    public ExperimentNode? this[string key] => _entries.TryGetValue(key, out var entry) && entry.Value is not ExperimentNode.Scalar { Value: null } ? entry.Value : null;

    /// <summary>Opens a map; null after reporting when the node is none.</summary>
    public static ExperimentFields? Open(ExperimentNode node, string path, string remedy, ExperimentProblems problems)
    {
        if (node is ExperimentNode.Map map)
            return new(map, path, problems);
        problems.Add(node, path, $"is {node.Kind}, but should be a map", remedy);
        return null;
    }

    public string PathTo(string key) => Path.Length == 0 ? ExperimentProblems.Shown(key) : $"{Path}.{ExperimentProblems.Shown(key)}";

    public void Report(string key, string message, string remedy) =>
        Problems.Add(_entries.TryGetValue(key, out var entry) ? entry.Value : _map, PathTo(key), message, remedy);

    /// <summary>Our own maps: every key that is not known is a problem.</summary>
    public void CheckKnown(params IReadOnlyList<string> known)
    {
        foreach (var entry in _entries.Values.Where(e => !known.Contains(e.Key.Text)))
            Problems.Add(entry.Key, PathTo(entry.Key.Text), $"unknown key '{ExperimentProblems.Shown(entry.Key.Text)}'", Suggestion.Remedy(entry.Key.Text, known));
    }

    /// <summary>The open format's maps: what is nearly a known key is a problem, what belongs to somebody else is left aside and noted.</summary>
    public void NoteUnknown(params IReadOnlyList<string> known)
    {
        foreach (var entry in _entries.Values.Where(e => !known.Contains(e.Key.Text)))
        {
            var key = entry.Key.Text;
            if (key.StartsWith("x-", StringComparison.Ordinal))
                continue;
            if (Suggestion.For(key, known) is { } meant)
                Problems.Add(entry.Key, PathTo(key), $"unknown key '{ExperimentProblems.Shown(key)}'", $"Did you mean '{meant}'? What is somebody else's begins with x-.");
            else
                Problems.Notice($"{PathTo(key)} is nothing that is known here; it is left aside.");
        }
    }

    /// <summary>A text; null if it is absent or wrong. A number or switch counts as its text.</summary>
    public string? Text(string key, string? remedyWhenMissing = null)
    {
        switch (this[key])
        {
            case ExperimentNode.Scalar { Text.Length: > 0 } scalar:
                return scalar.Text;
            case null or ExperimentNode.Scalar:
                if (remedyWhenMissing is not null)
                    Report(key, "is missing", remedyWhenMissing);
                return null;
            case var other:
                Problems.Add(other, PathTo(key), $"is {other.Kind}, but should be a text", remedyWhenMissing ?? "Write a text.");
                return null;
        }
    }

    /// <summary>A switch; <paramref name="otherwise"/> if it is absent or wrong.</summary>
    public bool Flag(string key, bool otherwise = false)
    {
        if (this[key] is not { } node)
            return otherwise;
        if (node is ExperimentNode.Scalar { Value: bool flag })
            return flag;
        Problems.Add(node, PathTo(key), $"is {node.Kind}, but should be a switch", "Write true or false.");
        return otherwise;
    }

    /// <summary>Seconds, as the open format writes times; null if it is absent or wrong. One day at the most.</summary>
    public TimeSpan? Seconds(string key)
    {
        if (this[key] is not { } node)
            return null;
        var seconds = node is ExperimentNode.Scalar { Value: long or double } scalar ? Convert.ToDouble(scalar.Value) : -1;
        if (seconds is >= 0 and <= 86400)
            return TimeSpan.FromSeconds(seconds);
        Problems.Add(node, PathTo(key), node is ExperimentNode.Scalar given ? $"'{ExperimentProblems.Shown(given.Text)}' is no number of seconds up to a day" : $"is {node.Kind}, but should be a number of seconds", "Write a number, such as 2.5.");
        return null;
    }

    /// <summary>A time with its unit, as our own parts write it; null if it is absent or wrong.</summary>
    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most)
    {
        if (this[key] is not { } node)
            return null;
        if (node is ExperimentNode.Scalar { Secret: false } scalar)
        {
            if (Pressure.Faults.FaultArguments.Duration(scalar.Text) is { } span && span >= least && span <= most)
                return span;
            var noUnit = scalar.Value is long or double;
            Problems.Add(node, PathTo(key), $"'{ExperimentProblems.Shown(scalar.Text)}' is no time from {DurationText.Of(least)} to {DurationText.Of(most)}", noUnit ? $"Write it with its unit: {scalar.Text}s." : "Write a time with its unit, such as 500ms, 30s or 5m.");
            return null;
        }
        Problems.Add(node, PathTo(key), $"is {node.Kind}, but should be a time", "Write a time with its unit, such as 500ms, 30s or 5m.");
        return null;
    }

    /// <summary>The items of a list; none if it is absent or wrong.</summary>
    public IReadOnlyList<ExperimentNode> Items(string key, string remedy)
    {
        switch (this[key])
        {
            case null:
                return [];
            case ExperimentNode.List list:
                return list.Items;
            case var other:
                Problems.Add(other, PathTo(key), $"is {other.Kind}, but should be a list", remedy);
                return [];
        }
    }
}
