using System.Diagnostics.CodeAnalysis;
using Pressure.Chaos;
using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cluster;

/// <summary>Lets companions go along with one run, and sees to it that they end before its folder is closed.</summary>
/// <param name="companions">Who goes along.</param>
/// <param name="manifest">What runs.</param>
/// <param name="clock">Its clock.</param>
/// <param name="folder">Its folder.</param>
/// <param name="tell">Tells on its timeline.</param>
/// <param name="fail">Ends it as an error.</param>
[SuppressMessage("Design", "CA1001", Justification = "The stop source holds no timer and no handle, and Stop may be called at any time, also after the end.")]
internal sealed class RunCompanions(IReadOnlyList<IRunCompanion> companions, RunManifest manifest, RunClock clock, string folder, Action<TimelineEvent> tell, Action<TimelineEvent.RunFailed> fail)
    : IAccompaniedRun, IRunMetrics
{
    /// <summary>Undoing has time limits of its own, which are shorter; behind this something hangs.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly CancellationTokenSource _stop = new();
    private readonly RecentFigures? _figures = companions.Count > 0 ? new(manifest.Requests, manifest.Agents) : null;
    private readonly Lock _gate = new();
    private Task _all = Task.CompletedTask;
    private bool _closed;

    public RunManifest Manifest => manifest;

    public RunClock Clock => clock;

    public string? Folder => folder;

    public IRunMetrics Metrics => this;

    public void Start() => _all = Task.WhenAll(companions.Select(c => Task.Run(() => GoAlongAsync(c))));

    /// <summary>Takes a closed second.</summary>
    public void Take(Interval second, IEnumerable<HostSample> hosts) => _figures?.Take(second, hosts);

    /// <summary>Asks them to undo what they did, and to end. May be called at any time, from anywhere.</summary>
    public void Stop()
    {
        // On the pool: what they do about it must not happen under the locks of whoever ends the load.
        if (companions.Count > 0)
            _ = Task.Run(_stop.Cancel);
    }

    /// <summary>Waits until they have ended. Nothing is told any more when this has returned.</summary>
    public async Task EndAsync(TimeProvider time)
    {
        Stop();
        if (await Task.WhenAny(_all, Task.Delay(Patience, time)) != _all)
            fail(new(Now, $"what goes along with the run did not end within {Patience.TotalSeconds:0} s; what it did may not be undone: see `pressure chaos status`"));
        lock (_gate)
            _closed = true;
    }

    public void Tell(TimelineEvent what)
    {
        lock (_gate)
        {
            if (!_closed)
                tell(what);
        }
    }

    public double? Value(string metric, string aggregation, TimeSpan over) => _figures?.Value(metric, aggregation, over);

    private TimeSpan Now => clock.Now is var now && now > TimeSpan.Zero ? now : TimeSpan.Zero;

    private async Task GoAlongAsync(IRunCompanion companion)
    {
        try
        {
            await companion.GoAlongAsync(this, _stop.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException && !(e is OperationCanceledException && _stop.IsCancellationRequested))
        {
            fail(new(Now, e.Message));
        }
    }
}
