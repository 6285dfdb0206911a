using Pressure.Record;

namespace Pressure.Reports.Export;

/// <summary>Something that is told what runs measure while they go on, to pass it on elsewhere. Declared for run coordinators.</summary>
public interface IRunSink
{
    /// <summary>A run begins.</summary>
    IRunTap Open(RunManifest run);
}

/// <summary>
/// Takes what one run tells. Thread-safe. No call may wait for anything, or throw: what it can't keep it drops and counts, so that a run never
/// goes on any differently because it is exported.
/// </summary>
public interface IRunTap
{
    /// <summary>A closed second. It is not changed afterwards.</summary>
    void Take(Interval second);

    /// <summary>A sample of a host, on the run's clock.</summary>
    void Take(HostSample sample);

    /// <summary>A collection, on the run's clock.</summary>
    void Take(GcEvent collection);

    /// <summary>An event.</summary>
    void Take(TimelineEvent what);

    /// <summary>How it stands, by place that it is passed on to.</summary>
    IReadOnlyList<ExportedPoints> Counts { get; }

    /// <summary>Nothing more follows: sends what is left for a short while, and drops the rest.</summary>
    Task EndAsync();
}

/// <summary>What became of the points of a run at one sink.</summary>
/// <param name="Sink">Kind and address.</param>
/// <param name="Sent">Points that it has taken.</param>
/// <param name="Dropped">Points that were dropped.</param>
/// <param name="Problem">What is or was wrong, as an English clause; null if nothing.</param>
public sealed record ExportedPoints(string Sink, long Sent, long Dropped, string? Problem);
