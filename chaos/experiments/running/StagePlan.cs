namespace Pressure.Chaos;

/// <summary>Who is struck in which stage: every stage has all of those before and some more. Pure.</summary>
internal static class StagePlan
{
    /// <summary>What each stage adds, none of them empty; or why there can be no such stages.</summary>
    /// <param name="stages">How many in each; empty for all at once.</param>
    /// <param name="targets">Those who are struck in the end, or less.</param>
    /// <param name="random">Where chance comes from.</param>
    public static (IReadOnlyList<IReadOnlyList<Candidate>> Batches, string? Problem) Of(IReadOnlyList<SelectionMode> stages, IReadOnlyList<Candidate> targets, Random random)
    {
        if (stages.Count == 0)
            return ([targets], null);
        var order = targets.ToArray();
        random.Shuffle(order);
        List<IReadOnlyList<Candidate>> batches = [];
        var struck = 0;
        foreach (var stage in stages)
        {
            var count = stage switch
            {
                SelectionMode.Fixed(var n) => n,
                SelectionMode.Percent(var share) => (int)Math.Floor((share * order.Length) + 1e-9),
                SelectionMode.All => order.Length,
                _ => 1,
            };
            if (count > order.Length)
                return ([], $"A stage strikes {count}, and only {order.Length} were chosen. Use shares, or fewer.");
            if (count <= struck)
                continue;
            batches.Add(order[struck..count]);
            struck = count;
        }
        return batches.Count > 0 ? (batches, null) : ([], $"Every stage is less than one of {order.Length}. Use numbers, or larger shares.");
    }
}
