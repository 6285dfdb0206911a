using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>What an activity gave.</summary>
/// <param name="Start">When it began, after its pause, on the run clock.</param>
/// <param name="End">When it ended, before its pause.</param>
/// <param name="Output">What it gave: a scalar, or an object; null if nothing.</param>
/// <param name="Problem">Why it failed, an English clause; null if it did not.</param>
internal sealed record ActivityResult(TimeSpan Start, TimeSpan End, JsonNode? Output, string? Problem)
{
    /// <summary>Of a probe with a tolerance, why what it saw will not do, an English clause; null if it will.</summary>
    public string? Deviation { get; init; }
}

/// <summary>What doing something gave: an output, or why there is none.</summary>
internal readonly record struct ActivityOutput(JsonNode? Value, string? Problem = null);

/// <summary>What the hypothesis gave.</summary>
internal sealed record HypothesisState(IReadOnlyList<ProbeState> Probes)
{
    public bool Met => Probes.All(p => p.Problem is null);

    /// <summary>What does not hold, for people; empty if all does.</summary>
    public string Why => string.Join("; ", Probes.Where(p => p.Problem is not null).Select(p => $"{p.Activity.Name}: {p.Problem}"));
}

/// <summary>What a probe of the hypothesis gave.</summary>
/// <param name="Activity">The probe.</param>
/// <param name="Result">What it saw.</param>
/// <param name="Problem">Why it does not hold, an English clause; null if it does.</param>
internal sealed record ProbeState(Activity Activity, ActivityResult Result, string? Problem);
