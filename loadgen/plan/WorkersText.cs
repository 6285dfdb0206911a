namespace Pressure.LoadGen;

/// <summary>Reads a wish for workers that was not written into a plan but typed beside it, by the same rules.</summary>
public static class WorkersText
{
    /// <summary>The wish; null after problems. Their fields are those of the plan: <c>workers.count</c>, <c>workers.regions</c>, <c>workers.heartbeat</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="regions">Regions with their shares: <c>eu=60%</c>.</param>
    /// <param name="heartbeat">How often they are heard; null for the usual time.</param>
    /// <param name="problems">What is wrong.</param>
    public static WorkersWish? Read(string count, IReadOnlyList<string> regions, string? heartbeat, out IReadOnlyList<PlanProblem> problems)
    {
        var found = new ProblemList("");
        List<PlanEntry> entries = [Entry("count", Text(count))];
        if (regions.Count > 0)
            entries.Add(Entry("regions", new PlanNode.Mapping(1, 1, [.. regions.Select(Region)])));
        if (heartbeat is not null)
            entries.Add(Entry("heartbeat", Text(heartbeat)));
        var wish = WorkersReader.Read(new PlanNode.Mapping(1, 1, entries), found);
        problems = found.InOrder();
        return problems.Count == 0 ? wish : null;
    }

    private static PlanEntry Region(string text)
    {
        var at = text.LastIndexOf('=');
        return at < 0 ? Entry(text, Text("")) : Entry(text[..at], Text(text[(at + 1)..]));
    }

    private static PlanEntry Entry(string key, PlanNode value) => new(Text(key), value);

    private static PlanNode.Scalar Text(string text) => new(1, 1, text, Quoted: true);
}
