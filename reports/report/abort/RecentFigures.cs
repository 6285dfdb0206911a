using Pressure.Record;

namespace Pressure.Reports;

/// <summary>
/// The last seconds of a run, to be asked for any metric in the grammar of thresholds. A window reaches back five minutes at the most. Thread-safe.
/// </summary>
/// <param name="requests">The run's requests, in the order of its intervals.</param>
/// <param name="agents">The run's agents, whose labels name services.</param>
public sealed class RecentFigures(IReadOnlyList<RequestManifest> requests, IReadOnlyList<HostManifest>? agents = null)
{
    /// <summary>Seconds that are kept.</summary>
    public const int MostSeconds = 300;

    private readonly Lock _gate = new();
    private readonly Queue<Second> _seconds = new();
    private readonly Dictionary<string, TimeSpan> _seen = [];

    /// <summary>Takes the next closed second with the hosts' latest samples.</summary>
    public void Take(Interval second, IEnumerable<HostSample> hosts)
    {
        // Encoded and read again it is packed: a histogram to be counted in takes a hundred times the room.
        var packed = Interval.Decode(second.Encode());
        lock (_gate)
        {
            // A host that has stopped answering still has its last sample.
            HostSample[] fresh = [.. hosts.Where(h => _seen.GetValueOrDefault(h.Host, TimeSpan.MinValue) < h.At)];
            foreach (var host in fresh)
                _seen[host.Host] = host.At;
            _seconds.Enqueue(new(packed, fresh));
            if (_seconds.Count > MostSeconds)
                _seconds.Dequeue();
        }
    }

    /// <summary>A metric over the last seconds; null when nothing is known, or there is no such metric. Of several machines the highest figure.</summary>
    /// <param name="metric">As in thresholds, tags included: <c>http_req_duration{name:item}</c>.</param>
    /// <param name="aggregation">As in thresholds: <c>p(95)</c>, <c>rate</c>.</param>
    /// <param name="over">Length of the window; whole seconds, rounded up.</param>
    public double? Value(string metric, string aggregation, TimeSpan over)
    {
        // Any limit will do: only the figure is asked for.
        if (!Threshold.TryParse(metric, $"{aggregation} >= 0", out var threshold, out _))
            return null;
        Second[] window;
        lock (_gate)
            window = [.. _seconds.TakeLast(Math.Clamp((int)Math.Ceiling(over.TotalSeconds), 1, MostSeconds))];
        if (window.Length == 0)
            return null;
        var total = new Interval(0, 0, 1);
        var readings = new SubjectReadings(threshold!.Selector, agents ?? []);
        foreach (var second in window)
        {
            for (var i = 0; i < requests.Count; i++)
            {
                if (threshold.Selector.Matches(requests[i]))
                    total.Requests[0].Add(second.Counts.Requests[i]);
            }
            total.IterationsEnded += second.Counts.IterationsEnded;
            total.IterationsDropped += second.Counts.IterationsDropped;
            foreach (var host in second.Hosts)
                readings.Take(host);
        }
        return ThresholdJudge.Measure(threshold, new(total.Requests[0], total.IterationsEnded, total.IterationsDropped, window.Length, readings), any: true)?.Value;
    }

    private sealed record Second(Interval Counts, HostSample[] Hosts);
}
