using Pressure.Cluster;
using Pressure.LoadGen;

namespace Pressure.Cli.Replay;

/// <summary>A replay's plan for workers: captures lie anywhere here, and side by side there.</summary>
internal static class OfferedCaptures
{
    /// <summary>The plan of a draft whose captures are named by whole paths.</summary>
    public static OfferedPlan Of(ReplayDraft draft)
    {
        var captures = draft.Captures.Distinct().ToList();
        var names = captures.ConvertAll(c => Path.GetFileName(c)!);
        // The folder tells those of one name apart; a report shows the names as they are here.
        if (names.Distinct().Count() < names.Count)
            names = [.. names.Select((n, i) => $"{i + 1}/{n}")];
        var nameOf = captures.Zip(names).ToDictionary(c => c.First, c => c.Second);
        return new(PlanWriter.ToYaml(draft with { Captures = [.. draft.Captures.Select(c => nameOf[c])] }), nameOf.ToDictionary(n => n.Value, n => n.Key));
    }
}
