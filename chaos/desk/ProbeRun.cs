using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>What the probes of a hypothesis said when they were asked once.</summary>
/// <param name="Title">The hypothesis' title.</param>
/// <param name="ExitCode">0 all hold; 99 one does not; 130 interrupted.</param>
/// <param name="Probes">Each probe.</param>
public sealed record ProbeRun(string Title, int ExitCode, IReadOnlyList<ProbeLight> Probes)
{
    /// <summary>Whether all hold.</summary>
    public bool Passed => ExitCode == 0;

    /// <summary>An experiment whose hypothesis has no probes has nothing that could hold.</summary>
    internal static ProbeRun Of(Experiment experiment, DrillStanding standing, ExperimentOutcome outcome)
    {
        var probes = (experiment.Hypothesis?.Probes ?? []).Select(p =>
            standing.Probes.Find(l => l.Probe == p.Name) ?? new ProbeLight(p.Name, false, "it was not asked", default)).ToList();
        var holds = probes.Count > 0 && probes.All(p => p.Holds);
        return new(experiment.Hypothesis?.Title ?? "", outcome.Status == ExperimentStatus.Interrupted ? 130 : holds && outcome.ExitCode == 0 ? 0 : 99, probes);
    }
}

/// <summary>A timeline that nobody reads again: for probes that are asked by themselves.</summary>
internal sealed class HeardTimeline(TimeProvider time) : IChaosTimeline
{
    private readonly Lock _gate = new();

    public RunClock Clock { get; } = new(time);

    public string? Folder => null;

    public DrillStanding Standing { get; private set; } = DrillStanding.Start;

    public void Tell(TimelineEvent what)
    {
        lock (_gate)
            Standing = Standing.After(what);
    }
}
