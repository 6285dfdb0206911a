namespace Pressure.LoadGen;

/// <summary>Which files a plan names, as it names them: whoever reads the plan elsewhere needs them beside it.</summary>
internal static class FileNames
{
    /// <summary>Keys whose values are files, wherever in the plan they stand, with the key of the map that they stand in; null for any.</summary>
    private static readonly (string? Within, string Key)[] Places =
        [("data", "file"), ("multipart", "file"), ("http", "ca"), ("http", "certificate"), ("http", "key"), ("replay", "capture"), ("replay", "captures"), ("chaos", "experiment")];

    /// <summary>All of them, each once.</summary>
    public static IReadOnlyList<string> Of(PlanNode root)
    {
        var names = new List<string>();
        Collect(root, within: null, names);
        return [.. names.Distinct(StringComparer.Ordinal)];
    }

    private static void Collect(PlanNode node, string? within, List<string> names)
    {
        switch (node)
        {
            case PlanNode.Sequence { Items: var items }:
                foreach (var item in items)
                {
                    // Experiments, and nothing else, may be named without a key of their own.
                    if (within == "chaos" && item is PlanNode.Scalar)
                        Add(item, names);
                    Collect(item, within, names);
                }
                break;
            case PlanNode.Mapping { Entries: var entries }:
                foreach (var (key, value) in entries)
                {
                    if (Places.Contains((within, key.Text)))
                        Add(value, names);
                    Collect(value, key.Text, names);
                }
                break;
        }
    }

    private static void Add(PlanNode node, List<string> names)
    {
        if (node is PlanNode.Scalar { IsNull: false, Text: { Length: > 0 } name })
            names.Add(name);
        else if (node is PlanNode.Sequence { Items: var items })
            names.AddRange(items.OfType<PlanNode.Scalar>().Select(s => s.Text));
    }
}
