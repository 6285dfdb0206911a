using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>How an experiment went.</summary>
/// <param name="Id">Its run's id, for events and history.</param>
/// <param name="Status">Its status.</param>
/// <param name="Deviated">The hypothesis held before and not after, or ended the experiment in between.</param>
/// <param name="Journal">The journal in the open format.</param>
/// <param name="Left">What could not be undone, English clauses; exit code 4 if there is any.</param>
public sealed record ExperimentOutcome(string Id, ExperimentStatus Status, bool Deviated, JsonObject Journal, IReadOnlyList<string> Left)
{
    /// <summary>Why it was refused, when it was.</summary>
    public IReadOnlyList<GuardRefusal> Refusals { get; init; } = [];

    /// <summary>Why it did not end as it should, an English clause; empty if it did.</summary>
    public string Why { get; init; } = "";

    /// <summary>0 completed and held; 4 something is left; 3 refused by a guard; 130 interrupted; 99 deviated, failed or aborted.</summary>
    public int ExitCode => Left.Count > 0 ? 4 : Refusals.Count > 0 ? 3 : Status switch
    {
        ExperimentStatus.Interrupted => 130,
        ExperimentStatus.Completed when !Deviated => 0,
        _ => 99,
    };
}

/// <summary>Chaos Toolkit's words for how an experiment ended.</summary>
public enum ExperimentStatus
{
    /// <summary>To its end.</summary>
    Completed,

    /// <summary>The hypothesis did not hold at the start or the end, or an action failed.</summary>
    Failed,

    /// <summary>Stopped by itself: a guard, a probe, a threshold.</summary>
    Aborted,

    /// <summary>Stopped by somebody.</summary>
    Interrupted,
}
