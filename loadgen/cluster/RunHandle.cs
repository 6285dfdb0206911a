using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.Reports.Export;

namespace Pressure.Cluster;

/// <summary>A run that has been started: follow it, stop it, await its outcome.</summary>
public sealed class RunHandle
{
    private readonly CoordinatedRun _run;

    internal RunHandle(CoordinatedRun run, Task<RunOutcome> completion)
    {
        _run = run;
        Completion = completion;
    }

    /// <summary>The manifest (id, name, requests, load).</summary>
    public RunManifest Manifest => _run.Manifest;

    /// <summary>The run folder.</summary>
    public string Folder => _run.Folder;

    /// <summary>Live seconds and events.</summary>
    public LiveFeed Live => _run.Live;

    /// <summary>Completes when reports are written; never faults (an error of ours is an outcome with <see cref="Verdict.Error"/>).</summary>
    public Task<RunOutcome> Completion { get; }

    /// <summary>What has become so far of the points that it exports, by sink.</summary>
    public IReadOnlyList<ExportedPoints> Exports => _run.Exports;

    /// <summary>How the run goes on.</summary>
    public RunStatus Status => _run.Status;

    /// <summary>
    /// Changes the load: it holds from <see cref="SteeringResult.At"/> on, and the timeline tells of it. <see cref="SteeringChange.Finish"/>
    /// is the graceful stop: nothing new starts, iterations under way finish within the request timeout. Thread-safe.
    /// </summary>
    /// <param name="change">What.</param>
    /// <param name="by">Who changed it, for the timeline.</param>
    public SteeringResult Steer(SteeringChange change, string by) => _run.Steer(change, by);

    /// <summary>Notes on the timeline how far the answer to a disturbance is; false when the load is over.</summary>
    /// <param name="mark">One of <see cref="TimelineEvent.Marked.Words"/>.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="note">What they add.</param>
    public bool Mark(string mark, string by, string note = "") => _run.Mark(mark, by, note);

    /// <summary>Ends the load at once; the reports of what was run are still written. Only the first call counts.</summary>
    /// <param name="by">Who stopped it, for the timeline: <c>Ctrl-C</c>, <c>web page</c>.</param>
    public void Stop(string by) => _run.Stop(by);
}
