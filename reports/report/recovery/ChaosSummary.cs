using System.Text.Json.Serialization;

namespace Pressure.Reports;

/// <summary>What chaos did and how the target took it: <c>chaos</c> in <c>summary.json</c>. Moments in seconds since the start of the run.</summary>
public sealed record ChaosSummary
{
    /// <summary>Experiments in order of their begin.</summary>
    public required IReadOnlyList<ExperimentSummary> Experiments { get; init; }

    /// <summary>Faults in order of their begin.</summary>
    public required IReadOnlyList<FaultSummary> Faults { get; init; }

    /// <summary>What guards did not let happen.</summary>
    public IReadOnlyList<RefusalSummary> Refused { get; init; } = [];

    /// <summary>Faults that could not be applied.</summary>
    public IReadOnlyList<FaultFailureSummary> NotApplied { get; init; } = [];

    /// <summary>What could not be undone; with any, the run's exit code is 4.</summary>
    public IReadOnlyList<LeftSummary> Left { get; init; } = [];

    /// <summary>Probes in the order in which they were first told of.</summary>
    public IReadOnlyList<ProbeSummary> Probes { get; init; } = [];

    /// <summary>How the target took each strike: an experiment with its faults, or a fault that belongs to none.</summary>
    public required IReadOnlyList<RecoveryFigures> Recovery { get; init; }

    /// <summary>The resilience score; null when nothing struck.</summary>
    public ResilienceScore? Score { get; init; }
}

/// <summary>An experiment. <see cref="EndedAt"/> is null when its end was not told.</summary>
public sealed record ExperimentSummary(string Id, string Title, string By, double StartedAt, double? EndedAt, string Status, bool Deviated);

/// <summary>A fault from on to off. <see cref="OffAt"/> is null when nobody told its end; <see cref="Note"/> says why there was nothing to undo.</summary>
public sealed record FaultSummary(string Handle, string Experiment, string Fault, string Host, string On, string Arguments, double OnAt, double? OffAt, string? EndedBy, string? Note);

/// <summary>Something that a fault left behind, and what a person can do about it.</summary>
public sealed record LeftSummary(string Handle, string Fault, string On, string What, string Remedy);

/// <summary>A strike that a guard refused.</summary>
public sealed record RefusalSummary(double At, string Experiment, string Fault, string Guard, string Why);

/// <summary>A fault that could not be applied.</summary>
public sealed record FaultFailureSummary(double At, string Experiment, string Fault, string On, string Why);

/// <summary>A probe: how often it began to fail, for how many seconds it failed, and whether it held at the end. <see cref="Every"/> is 0 if it was asked now and then only.</summary>
public sealed record ProbeSummary(string Name, string Experiment, double Every, int Failures, double FailedSeconds, bool HeldAtEnd);

/// <summary>
/// How the target took a strike (S30's 1-5-10: detected in 1 minute, located in 5, recovered in 10). Times in seconds; null when it is not known or did not happen.
/// </summary>
/// <param name="Title">The experiment's title, or the fault and what it struck.</param>
/// <param name="Experiment">The experiment's id; empty for a fault of none.</param>
/// <param name="StruckAt">When the first fault came into force.</param>
/// <param name="FailingAt">When the first probe failed or the load showed it first; null when nothing was seen to fail.</param>
/// <param name="RecoveredAt">From when on everything held again for good; null when that did not come, or nothing failed.</param>
public sealed record RecoveryFigures(string Title, string Experiment, double StruckAt, double? FailingAt, double? RecoveredAt)
{
    /// <summary>What <see cref="FailingAt"/> was seen by: a probe's name, <c>load</c>, or <c>mark</c>; empty when nothing was seen.</summary>
    public string SeenBy { get; init; } = "";

    /// <summary>What <see cref="RecoveredAt"/> was seen by.</summary>
    public string RecoveredBy { get; init; } = "";

    /// <summary>From the strike until it was noticed, by a probe, in the load or by a mark, whichever was first.</summary>
    public double? ToDetect { get; init; }

    /// <summary>From the strike until it was marked as located; null when nobody marked it.</summary>
    public double? ToLocate { get; init; }

    /// <summary>From the first failing to holding again.</summary>
    public double? ToRecover { get; init; }

    /// <summary>These times are right to so many seconds: the interval of the probe that decided, or the load's second.</summary>
    public double Accuracy { get; init; }

    /// <summary>Requests that failed or were not sent meanwhile, beyond what failed before; null without load.</summary>
    public long? Lost { get; init; }

    /// <summary>Whether it was detected within a minute; null when there was nothing to detect.</summary>
    public bool? DetectedInTime { get; init; }

    /// <summary>Whether it was located within five minutes; null when nobody marked it, or nothing failed.</summary>
    public bool? LocatedInTime { get; init; }

    /// <summary>Whether it recovered within ten minutes; null when nothing failed.</summary>
    public bool? RecoveredInTime { get; init; }

    /// <summary>Whether all is well again, or never was otherwise.</summary>
    [JsonIgnore]
    public bool Withstood => FailingAt is null || RecoveredAt is not null;
}

/// <summary>0 to 100, and what it is made of. Without probes it is never 100.</summary>
public sealed record ResilienceScore(int Value, IReadOnlyList<ScorePart> Parts);

/// <summary>A part of the score: <c>steady-state</c>, <c>recovered</c>, <c>requests</c>, <c>undone</c>; points of those to be had.</summary>
public sealed record ScorePart(string Part, double Points, int Of);
