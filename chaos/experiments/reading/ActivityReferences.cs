namespace Pressure.Chaos;

/// <summary>Finds the activities that <c>ref</c> names, wherever they stand in the experiment.</summary>
internal sealed class ActivityReferences
{
    private readonly Dictionary<string, List<(ExperimentNode.Map Node, string Path)>> _named = [];

    /// <param name="lists">Lists of activities with their paths.</param>
    public ActivityReferences(IEnumerable<(ExperimentNode? List, string Path)> lists)
    {
        foreach (var (list, path) in lists)
        {
            foreach (var (i, item) in ((list as ExperimentNode.List)?.Items ?? []).Index())
                Add(item, $"{path}[{i}]");
        }
    }

    /// <summary>The activity itself, or the one that it refers to; null after reporting why there is none.</summary>
    public ExperimentNode.Map? Follow(ExperimentNode.Map activity, ref string path, ExperimentProblems problems)
    {
        List<string> seen = [];
        while (activity["ref"] is { } reference)
        {
            var at = $"{path}.ref";
            if (reference is not ExperimentNode.Scalar { Text: { Length: > 0 } name })
            {
                problems.Add(reference, at, $"is {reference.Kind}, but should be the name of an activity", "Write the name of an activity of this experiment.");
                return null;
            }
            if (seen.Contains(name))
            {
                problems.Add(reference, at, $"references go round in a circle: {string.Join(" -> ", seen.Append(name).Select(ExperimentProblems.Shown))}", "Let one of them be the activity itself, with its provider.");
                return null;
            }
            seen.Add(name);
            if (Find(name, activity) is not { } found)
            {
                problems.Add(reference, at, $"there is no activity '{ExperimentProblems.Shown(name)}'", Suggestion.Remedy(name, [.. _named.Keys]));
                return null;
            }
            if (found.Count > 1)
            {
                problems.Add(reference, at, $"{found.Count} activities are called '{ExperimentProblems.Shown(name)}'", "Give each its own name.");
                return null;
            }
            (activity, path) = found[0];
        }
        return activity;
    }

    private List<(ExperimentNode.Map Node, string Path)>? Find(string name, ExperimentNode.Map from)
    {
        if (!_named.TryGetValue(name, out var found))
            return null;
        // What says what to do comes before what only refers to something of the same name.
        var whole = found.Where(f => f.Node["ref"] is null).ToList();
        return whole.Count > 0 ? whole : found.Where(f => !ReferenceEquals(f.Node, from)).Take(1).ToList() is { Count: > 0 } others ? others : [found[0]];
    }

    private void Add(ExperimentNode node, string path)
    {
        if (node is not ExperimentNode.Map map)
            return;
        if (map["name"] is ExperimentNode.Scalar { Text: { Length: > 0 } name })
        {
            if (!_named.TryGetValue(name, out var nodes))
                _named[name] = nodes = [];
            nodes.Add((map, path));
        }
        if (map["tolerance"] is ExperimentNode.Map tolerance)
            Add(tolerance, $"{path}.tolerance");
    }
}
