namespace Pressure.Cluster;

/// <summary>A plan as workers are given it.</summary>
/// <param name="Text">Its text, which names files where they lie for workers: in the plan's folder, or below.</param>
/// <param name="Places">Where those files lie here, by their names.</param>
public sealed record OfferedPlan(string Text, IReadOnlyDictionary<string, string> Places)
{
    /// <summary>The plan of a run as it is.</summary>
    /// <param name="run">The run.</param>
    /// <param name="folder">From where its names count; null when it names nothing.</param>
    internal static OfferedPlan Of(RunRequest run, string? folder) =>
        new(run.PlanText, folder is null ? new Dictionary<string, string>() : run.Plan.Files.Distinct().ToDictionary(f => f, f => Path.GetFullPath(Path.Combine(folder, f))));
}
