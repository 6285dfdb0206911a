namespace Pressure.LoadGen;

/// <summary>Reads single values and lists of nodes.</summary>
internal static class ScalarReader
{
    public static bool TryRead<T>(PlanNode node, string path, ValueReader<T> reader, ProblemList problems, out T value)
    {
        value = default!;
        if (node is not PlanNode.Scalar scalar)
            problems.Add(node, path, $"is {node.Kind}, but should be a single value", "Write one value.");
        else if (scalar.IsNull)
            problems.Add(node, path, "has no value", "Give it a value, or remove it.");
        else if (reader(scalar.Text, out value) is { } complaint)
            problems.Add(node, path, complaint);
        else
            return true;
        return false;
    }

    /// <summary>The items of a list that must not be empty; none after reporting.</summary>
    public static IReadOnlyList<PlanNode> Items(PlanNode? node, string path, int most, string remedy, ProblemList problems)
    {
        switch (node)
        {
            case null:
                return [];
            case PlanNode.Sequence { Items.Count: > 0 } list when list.Items.Count <= most:
                return list.Items;
            case PlanNode.Sequence list:
                problems.Add(list, path, list.Items.Count == 0 ? "is empty" : $"has {list.Items.Count:N0} items, more than {most:N0}", remedy);
                return [];
            default:
                problems.Add(node, path, $"is {node.Kind}, but should be a list", remedy);
                return [];
        }
    }
}
