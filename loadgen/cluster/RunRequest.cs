using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.Reports.Export;

namespace Pressure.Cluster;

/// <summary>What to run.</summary>
/// <param name="Plan">The checked plan.</param>
/// <param name="PlanText">Its text, kept in the run folder.</param>
/// <param name="Folder">Where to write; null for <c>runs/&lt;run id&gt;</c> in the current directory.</param>
/// <param name="Hosts">Host samplers.</param>
/// <param name="Reports">What to write at the end.</param>
public sealed record RunRequest(LoadPlan Plan, string PlanText, string? Folder, IReadOnlyList<IHostSource> Hosts, ReportOptions Reports)
{
    /// <summary>Folder that runs are created in when <see cref="Folder"/> is null.</summary>
    public string RunsFolder { get; init; } = "runs";

    /// <summary>Tell of hosts elsewhere.</summary>
    public IReadOnlyList<IHostFeed> Feeds { get; init; } = [];

    /// <summary>Are told what is measured while it is.</summary>
    public IReadOnlyList<IRunSink> Sinks { get; init; } = [];

    /// <summary>Go along with the run: chaos.</summary>
    public IReadOnlyList<IRunCompanion> Companions { get; init; } = [];

    /// <summary>What is sent when the plan's load is a <see cref="Load.Replay"/>; null for any other load. Disposed of by whoever opened it, after the run.</summary>
    public IReplaySource? Replay { get; init; }

    /// <summary>The captures that it is sent from, <see cref="Plan"/> being the prepared one; the run disposes of them when it has ended. Null without captures.</summary>
    public PreparedReplay? Captures { get; init; }

    /// <summary>The workers that make the load, which the run disposes of; null for this process.</summary>
    public Crew? Crew { get; init; }

    /// <summary>
    /// Is awaited, with the run folder, before what workers have told is acknowledged: whoever must go on with the run on another machine has it by then. Null where this
    /// machine's disk is all that counts.
    /// </summary>
    public Func<string, CancellationToken, Task>? Spread { get; init; }

    /// <summary>Says where redirects may lead besides to what the plan presses itself.</summary>
    public TargetGuard Guard { get; init; } = new([]);
}
