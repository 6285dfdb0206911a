namespace Pressure.LoadGen;

/// <summary>Reads names with values: a map, or a list of one-key maps where order or repetition counts.</summary>
internal static class PairReader
{
    /// <summary>A pair with its place.</summary>
    public readonly record struct Pair(PlanNode.Scalar Key, PlanNode Value, string Path);

    /// <summary>The pairs; none when absent or after reporting.</summary>
    public static IReadOnlyList<Pair> Pairs(FieldReader fields, string key, string remedy)
    {
        if (fields[key] is not { } node)
            return [];
        var path = fields.PathTo(key);
        if (node is not PlanNode.Sequence list)
            return FromMap(node, path, remedy, fields.Problems);
        var pairs = new List<Pair>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (list.Items[i] is PlanNode.Mapping { Entries: [var entry] })
                pairs.Add(new(entry.Key, entry.Value, $"{path}[{i}].{Shown.Of(entry.Key.Text)}"));
            else
                fields.Problems.Add(list.Items[i], $"{path}[{i}]", "is not a map with one key", remedy);
        }
        return pairs;
    }

    /// <summary>The pairs as texts, leaving out those that are none.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Texts(FieldReader fields, string key, string remedy)
    {
        var texts = new List<KeyValuePair<string, string>>();
        foreach (var pair in Pairs(fields, key, remedy))
        {
            if (pair.Key.Text.Length == 0)
                fields.Problems.Add(pair.Key, pair.Path, "has no name", "Give it a name.");
            else if (pair.Value is PlanNode.Scalar { IsNull: true, Text: "" })
                texts.Add(new(pair.Key.Text, ""));
            else if (ScalarReader.TryRead<string>(pair.Value, pair.Path, PlainText.Any, fields.Problems, out var text))
                texts.Add(new(pair.Key.Text, text));
        }
        return texts;
    }

    private static IReadOnlyList<Pair> FromMap(PlanNode node, string path, string remedy, ProblemList problems) =>
        FieldReader.Open(node, path, remedy, problems) is { } map
            ? [.. ((PlanNode.Mapping)node).Entries.DistinctBy(e => e.Key.Text).Select(e => new Pair(e.Key, e.Value, map.PathTo(e.Key.Text)))]
            : [];
}
