namespace Pressure.Record;

/// <summary>Everything that a run folder holds of what happened, in order of time.</summary>
public sealed record RunRecord
{
    /// <summary>The manifest.</summary>
    public required RunManifest Manifest { get; init; }

    /// <summary>The plan as run.</summary>
    public required string PlanText { get; init; }

    /// <summary>Intervals as written, ordered by second and share.</summary>
    public required IReadOnlyList<Interval> Intervals { get; init; }

    /// <summary>Host samples, ordered by time.</summary>
    public required IReadOnlyList<HostSample> Hosts { get; init; }

    /// <summary>Generator samples, ordered by time.</summary>
    public required IReadOnlyList<GeneratorSample> Generator { get; init; }

    /// <summary>Garbage collections, ordered by time.</summary>
    public IReadOnlyList<GcEvent> Gc { get; init; } = [];

    /// <summary>Timeline events, ordered by time.</summary>
    public required IReadOnlyList<TimelineEvent> Events { get; init; }

    /// <summary>How faithful a replay was; null when the run is none.</summary>
    public ReplayRecord? Replay { get; init; }

    /// <summary>Answers held against others; null when none were.</summary>
    public DifferenceRecord? Differences { get; init; }

    /// <summary>What had to be left out of damaged or missing files.</summary>
    public IReadOnlyList<TornTail> Recoveries { get; init; } = [];

    /// <summary>Whether the run was brought to its end (a <see cref="TimelineEvent.RunEnded"/> is there).</summary>
    public bool Ended => Events.Any(e => e is TimelineEvent.RunEnded);
}
