using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>A replay whose captures are open, with the plan that it has become: its requests are the captures' endpoints.</summary>
public sealed class PreparedReplay : IDisposable
{
    private readonly ReplayJob _job;
    private readonly ReplayScan _scan;

    internal PreparedReplay(LoadPlan plan, ReplayJob job, ReplayScan scan) => (Plan, _job, _scan) = (plan, job, scan);

    /// <summary>The plan as it is run.</summary>
    public LoadPlan Plan { get; }

    /// <summary>What the captures hold.</summary>
    public IReadOnlyList<CaptureInfo> Captures => [.. _job.Captures.Select(c => c.Info)];

    /// <summary>Whether it is replayed while it passes.</summary>
    public bool IsLive => _job.Live is not null;

    /// <summary>What is to be known about captures that were cut off or damaged, in sentences.</summary>
    public IReadOnlyList<string> Notices =>
        [.. Captures.Where(c => c.Damage is not null || !c.IsComplete).Select(c => $"{c.Name}: {c.Damage ?? "it was cut off; what was whole is replayed"}.")];

    /// <summary>Requests that are replayed, by one client each and once; null when the captures are too large to know before.</summary>
    public long? Replayed => _scan.IsWhole ? _scan.Replayed : null;

    /// <summary>The same by endpoint, in the plan's order.</summary>
    public IReadOnlyList<long> ByEndpoint => _scan.ByEndpoint;

    /// <summary>Requests that are not replayed, by reason, as far as the captures were looked at.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Skipped => _scan.Skipped;

    /// <summary>The first requests as they would go out.</summary>
    public IReadOnlyList<string> Show(int requests) => ReplayPreview.Of(_job, requests);

    /// <summary>What is sent in a run.</summary>
    internal ReplaySource Source(Record.RunClock? clock, TimeProvider time, IReplayComparer? comparer) => new(_job, time) { Comparer = comparer, Clock = clock };

    /// <summary>What would be sent, without anybody learning or comparing anything.</summary>
    internal ReplaySource Rehearsal(TimeProvider time) => new(_job with { Order = _job.Order with { Carries = [], Compare = null } }, time);

    /// <summary>Exchanges that could not be read because a file is damaged where they are.</summary>
    internal long Lost => _job.Captures.Sum(c => c.Lost);

    /// <summary>Takes the answers of a run to compare them; null when they are not compared.</summary>
    internal ReplayComparing? Comparing(IReadOnlyList<Record.RequestManifest> requests, TimeProvider time) =>
        _job.Order.Compare is { } compare ? new(compare, requests, _job, Plan.Http.Insecure, time) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _job.Live?.Dispose();
        foreach (var capture in _job.Captures)
            capture.Dispose();
    }
}
