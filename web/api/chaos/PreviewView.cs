using Pressure.Chaos;

namespace Pressure.Web.Api;

/// <summary>What an experiment would strike if it ran now.</summary>
internal sealed record PreviewView(string Title, bool WouldRun, IReadOnlyList<StrikeView> Strikes)
{
    public static PreviewView Of(Experiment experiment, ExperimentPlan plan) => new(experiment.Title, plan.IsWhole, [.. plan.Faults.Select(StrikeView.Of)]);
}

/// <summary>What one fault would strike. Where chance chooses, <c>byChance</c> says that others of <c>matching</c> may be.</summary>
internal sealed record StrikeView(
    string Activity, string Fault, double Seconds, bool ByChance, IReadOnlyList<TargetView> Targets, IReadOnlyList<TargetView> Matching,
    IReadOnlyList<SparedView> Spared, string? Nothing, IReadOnlyList<GuardRefusal> Refusals)
{
    public static StrikeView Of(PlannedFault planned)
    {
        var targets = planned.Stages.SelectMany(s => s).ToList();
        return new(
            planned.Activity, planned.Fault.Kind, planned.Fault.Duration.TotalSeconds, targets.Count < planned.Matching.Count, [.. targets.Select(TargetView.Of)], [.. planned.Matching.Select(TargetView.Of)],
            [.. planned.Spared.Select(s => new SparedView(TargetView.Of(s.Candidate), s.Why))], planned.Problem, planned.Refusals);
    }
}

/// <summary>Something that can be struck.</summary>
internal sealed record TargetView(string Host, string Name, string Image, IReadOnlyDictionary<string, string> Labels)
{
    public static TargetView Of(Candidate candidate) => new(candidate.Host, candidate.Target.Label, candidate.Image, candidate.Labels);
}

/// <summary>Something that is spared.</summary>
internal sealed record SparedView(TargetView Target, string Why);
