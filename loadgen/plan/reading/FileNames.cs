namespace Pressure.LoadGen;

/// <summary>Which files a plan names, as it names them: whoever reads the plan elsewhere needs them beside it, and must read no other.</summary>
internal static class FileNames
{
    private static readonly string[] HttpKeys = ["ca", "certificate", "key"];
    private static readonly string[] CaptureKeys = ["capture", "captures"];

    /// <summary>All of them, each once, in the order of the text.</summary>
    public static IReadOnlyList<string> Of(PlanNode root)
    {
        var named = new List<PlanNode?>();
        named.AddRange(Items(root, "data").Select(d => Value(d, "file")));
        foreach (var step in Items(root, "scenarios").SelectMany(s => Items(s, "steps")))
            named.AddRange(Items(step, "multipart").Select(p => Value(p, "file")));
        named.AddRange(Items(root, "chaos").Select(e => e is PlanNode.Scalar ? e : Value(e, "experiment")));
        named.AddRange(HttpKeys.Select(k => Value(Value(root, "http"), k)));
        named.AddRange(CaptureKeys.SelectMany(k => Listed(Value(Value(Value(root, "load"), "replay"), k))));
        return [.. named.OfType<PlanNode.Scalar>().Where(s => !s.IsNull && s.Text.Length > 0).OrderBy(s => (s.Line, s.Column)).Select(s => s.Text).Distinct(StringComparer.Ordinal)];
    }

    private static PlanNode? Value(PlanNode? node, string key) => (node as PlanNode.Mapping)?.Entries.FirstOrDefault(e => e.Key.Text == key)?.Value;

    private static IEnumerable<PlanNode> Items(PlanNode node, string key) => Listed(Value(node, key));

    private static IEnumerable<PlanNode> Listed(PlanNode? node) => node is PlanNode.Sequence { Items: var items } ? items : node is null ? [] : [node];
}
