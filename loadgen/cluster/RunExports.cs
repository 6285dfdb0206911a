using Pressure.Record;
using Pressure.Reports.Export;

namespace Pressure.Cluster;

/// <summary>Tells a run's sinks what it measures, and the run what became of it.</summary>
internal sealed class RunExports(IReadOnlyList<IRunSink> sinks, RunManifest run)
{
    private readonly IReadOnlyList<IRunTap> _taps = [.. sinks.Select(s => s.Open(run))];
    private readonly HashSet<string> _told = [];

    public IReadOnlyList<ExportedPoints> Counts => [.. _taps.SelectMany(t => t.Counts)];

    public void Take(Interval second) => Each(t => t.Take(second));

    public void Take(HostSample sample) => Each(t => t.Take(sample));

    public void Take(GcEvent collection) => Each(t => t.Take(collection));

    public void Take(TimelineEvent what) => Each(t => t.Take(what));

    /// <summary>An event for each sink whose points have begun to be dropped since the last call.</summary>
    public IEnumerable<TimelineEvent> NewlyDropping(TimeSpan at) =>
        Counts.Where(c => c.Dropped > 0 && _told.Add(c.Sink)).Select(c => new TimelineEvent.ExportDropping(at, c.Sink, c.Problem ?? "it did not take them"));

    /// <summary>Nothing more follows. Gives what became of everything, once that is known.</summary>
    public async Task<IReadOnlyList<TimelineEvent>> EndAsync(TimeSpan at)
    {
        await Task.WhenAll(_taps.Select(t => t.EndAsync()));
        return [.. Counts.Select(c => new TimelineEvent.Exported(at, c.Sink, c.Sent, c.Dropped, c.Dropped > 0 ? c.Problem : null))];
    }

    private void Each(Action<IRunTap> tell)
    {
        foreach (var tap in _taps)
            tell(tap);
    }
}
