using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cluster;

/// <summary>Holds the closed seconds of a run against the plan's abort rules as they come. Not thread-safe.</summary>
internal sealed class AbortWatch(LoadPlan plan, RunManifest manifest)
{
    private readonly List<AbortWindow> _windows = [.. plan.Abort.Select(r => new AbortWindow(r, manifest.Requests, manifest.Agents))];
    private readonly Dictionary<string, TimeSpan> _seen = [];

    /// <summary>The first rule that ends the run after this second; null when none does. Seconds after the load's end end nothing.</summary>
    /// <param name="second">The next closed second.</param>
    /// <param name="hosts">The latest sample of each host.</param>
    /// <param name="collections">Collections that were told since the second before.</param>
    public TimelineEvent.Aborted? Judge(Interval second, IEnumerable<HostSample> hosts, IReadOnlyList<GcEvent>? collections = null)
    {
        if (_windows.Count == 0 || TimeSpan.FromSeconds(second.Second + 1) >= manifest.Duration)
            return null;
        // A host that has stopped answering still has its last sample.
        List<HostSample> fresh = [.. hosts.Where(h => _seen.GetValueOrDefault(h.Host, TimeSpan.MinValue) < h.At)];
        foreach (var host in fresh)
            _seen[host.Host] = host.At;
        TimelineEvent.Aborted? first = null;
        foreach (var window in _windows)
        {
            var broken = window.Add(second, fresh, collections);
            first ??= broken;
        }
        return first;
    }
}
