namespace Pressure.LoadGen;

/// <summary>Which files a plan names, as it names them: what has to lie beside it where it is read, and so what goes along when it is sent elsewhere.</summary>
public static class PlanFileNames
{
    private static readonly string[] HttpKeys = ["ca", "certificate", "key"];
    private static readonly string[] CaptureKeys = ["capture", "captures"];

    /// <summary>The names, each once, in the order of the text; those of a text that is no plan as far as it looks like one.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        if (text.Length > PlanReader.MaxBytes || PlanTree.Read(text.TrimStart('\ufeff'), new("")) is not { } root)
            return [];
        var named = new List<PlanNode?>();
        named.AddRange(Items(root, "data").Select(d => Value(d, "file")));
        foreach (var step in Items(root, "scenarios").SelectMany(s => Items(s, "steps")))
            named.AddRange(Items(step, "multipart").Select(p => Value(p, "file")));
        named.AddRange(Items(root, "chaos").Select(e => e is PlanNode.Scalar ? e : Value(e, "experiment")));
        named.AddRange(HttpKeys.Select(k => Value(Value(root, "http"), k)));
        named.AddRange(CaptureKeys.SelectMany(k => Listed(Value(Value(Value(root, "load"), "replay"), k))));
        return [.. named.OfType<PlanNode.Scalar>().OrderBy(s => (s.Line, s.Column)).Select(s => s.Text).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    private static PlanNode? Value(PlanNode? node, string key) => (node as PlanNode.Mapping)?.Entries.FirstOrDefault(e => e.Key.Text == key)?.Value;

    private static IEnumerable<PlanNode> Items(PlanNode node, string key) => Listed(Value(node, key));

    private static IEnumerable<PlanNode> Listed(PlanNode? node) => node is PlanNode.Sequence { Items: var items } ? items : node is null ? [] : [node];
}
