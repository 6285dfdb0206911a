using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cluster;

/// <summary>A run that has been started: follow it, stop it, await its outcome.</summary>
public sealed class RunHandle
{
    /// <summary>The manifest (id, name, requests, load).</summary>
    public RunManifest Manifest => throw new NotImplementedException();

    /// <summary>The run folder.</summary>
    public string Folder => throw new NotImplementedException();

    /// <summary>Live seconds and events.</summary>
    public LiveFeed Live => throw new NotImplementedException();

    /// <summary>Completes when reports are written; never faults (an error of ours is an outcome with <see cref="Verdict.Error"/>).</summary>
    public Task<RunOutcome> Completion => throw new NotImplementedException();

    /// <summary>Ends the load; the reports of what was run are still written.</summary>
    /// <param name="by">Who stopped it, for the timeline: <c>Ctrl-C</c>, <c>web page</c>.</param>
    public void Stop(string by) => throw new NotImplementedException();
}

/// <summary>How a run came out and where it lies.</summary>
public sealed record RunOutcome(RunSummary Summary, ReportFiles? Files, string Folder);

/// <summary>What a follower of a live run gets. A closed set.</summary>
public abstract record LiveUpdate
{
    private LiveUpdate()
    {
    }

    /// <summary>A closed second.</summary>
    public sealed record Second(TimelinePoint Point) : LiveUpdate;

    /// <summary>An event.</summary>
    public sealed record Event(TimelineEvent What) : LiveUpdate;

    /// <summary>Load has ended; reports are being written.</summary>
    public sealed record Reporting : LiveUpdate;

    /// <summary>All is done.</summary>
    public sealed record Finished(RunSummary Summary) : LiveUpdate;
}

/// <summary>The updates of one run, kept in order, for any number of followers.</summary>
public sealed class LiveFeed
{
    /// <summary>All updates from number <paramref name="from"/> (0: the first) on, then new ones as they come, until <see cref="LiveUpdate.Finished"/>.</summary>
    public IAsyncEnumerable<(int Number, LiveUpdate Update)> Follow(int from, CancellationToken stop) => throw new NotImplementedException();
}
