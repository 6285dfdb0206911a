using Pressure.Record;

namespace Pressure.Reports;

/// <summary>The part of a run that counts: its seconds after the warm-up, added up. Of a capacity search, those of the plateaus that held at the rate found.</summary>
/// <remarks>A second belongs to the warm-up if it begins before the warm-up ends. Counts are added, percentiles never averaged.</remarks>
internal sealed class MeasuredRun
{
    private readonly RequestInterval[] _totals;
    private readonly HashSet<int>? _found;
    private readonly Dictionary<string, SubjectReadings> _readings = [];

    private MeasuredRun(RunManifest manifest, IEnumerable<Interval> intervals, IEnumerable<HostSample> hosts, IEnumerable<GcEvent> collections, TimeSpan start, TimeSpan end, HashSet<int>? found)
    {
        (Manifest, Start, End, _found) = (manifest, start, end, found);
        _totals = [.. manifest.Requests.Select(_ => new RequestInterval())];
        foreach (var interval in intervals.Where(i => Includes(i.Second)))
            Add(interval);
        Seconds = found?.Count ?? Math.Max(0, (End - Start).TotalSeconds);
        foreach (var written in manifest.Thresholds.Concat(manifest.Load.Search?.Slo ?? []))
        {
            if (Threshold.TryParse(written.Metric, written.Expression, out var threshold, out _) && threshold!.IsAboutHosts)
                _readings.TryAdd(threshold.Metric, new(threshold.Selector, manifest.Agents));
        }
        foreach (var sample in hosts)
            Take(sample);
        foreach (var collection in collections)
            Take(collection);
    }

    public static MeasuredRun Of(RunRecord run) =>
        new(run.Manifest, run.Intervals, run.Hosts, run.Gc, TimeSpan.FromSeconds(Math.Ceiling(run.Manifest.WarmUp.TotalSeconds)), LoadEnd(run), SearchSummary.SecondsFound(run)) { Differences = run.Differences };

    /// <summary>A stretch of whole seconds, as if it were a run.</summary>
    public static MeasuredRun Of(RunManifest manifest, IReadOnlyList<Interval> stretch, IReadOnlyList<HostSample> hosts, IReadOnlyList<GcEvent>? collections = null)
    {
        var seconds = stretch.Select(i => i.Second).ToHashSet();
        return new(manifest, stretch, hosts, collections ?? [], TimeSpan.FromSeconds(seconds.Min()), TimeSpan.FromSeconds(seconds.Max() + 1), seconds);
    }

    public static bool IsWarmUp(RunManifest manifest, int second) => second < manifest.WarmUp.TotalSeconds;

    public RunManifest Manifest { get; }

    /// <summary>Start of the measured time on the run clock.</summary>
    public TimeSpan Start { get; }

    /// <summary>End of the load on the run clock: as planned, or when it was cut short.</summary>
    public TimeSpan End { get; }

    /// <summary>Length of the measured time; 0 when the run ended within its warm-up.</summary>
    public double Seconds { get; }

    /// <summary>Whether a second lies in the measured time.</summary>
    public bool Counts(int second) => _found?.Contains(second) ?? (second >= Start.TotalSeconds && second < End.TotalSeconds);

    /// <summary>Whether what happened in a second is added up. Answers that come in after the end of the load count as well.</summary>
    public bool Includes(int second) => _found?.Contains(second) ?? !IsWarmUp(Manifest, second);

    /// <summary>How late sends were.</summary>
    public Histogram Lateness { get; } = new();

    /// <summary>What was found in answers that were held against others; null when none were, and for a part of a run.</summary>
    public DifferenceRecord? Differences { get; private init; }

    public long IterationsEnded { get; private set; }

    public long IterationsDropped { get; private set; }

    /// <summary>Totals per request, in the manifest's order.</summary>
    public IReadOnlyList<RequestInterval> ByRequest => _totals;

    /// <summary>All requests that fit, added up.</summary>
    public RequestInterval Total(Func<RequestManifest, bool> fits)
    {
        var total = new RequestInterval();
        for (var i = 0; i < _totals.Length; i++)
        {
            if (fits(Manifest.Requests[i]))
                total.Add(_totals[i]);
        }
        return total;
    }

    /// <summary>What a threshold on a metric is held against.</summary>
    public MeasuredSpan Span(Threshold threshold) => new(
        Total(threshold.Selector.Matches), IterationsEnded, IterationsDropped, Seconds,
        _readings.GetValueOrDefault(threshold.Metric) ?? new SubjectReadings(threshold.Selector, Manifest.Agents))
    { Differences = Differences };

    /// <summary>Takes a sample for the thresholds that look at machines.</summary>
    public void Take(HostSample sample)
    {
        if (_readings.Count == 0 || !HostFigures.IsMeasured(sample.At, this))
            return;
        foreach (var readings in _readings.Values)
            readings.Take(sample);
    }

    /// <summary>Takes a collection for them.</summary>
    public void Take(GcEvent collection)
    {
        if (_readings.Count == 0 || !Counts(GcTrack.SecondOf(collection.At)))
            return;
        foreach (var readings in _readings.Values)
            readings.Take(collection);
    }

    /// <summary>All requests added up.</summary>
    public RequestInterval Total() => Total(_ => true);

    /// <summary>A count as a rate over the measured time.</summary>
    public double PerSecond(long count) => Seconds > 0 ? Math.Round(count / Seconds, 4) : 0;

    private void Add(Interval interval)
    {
        for (var i = 0; i < _totals.Length; i++)
            _totals[i].Add(interval.Requests[i]);
        Lateness.Add(interval.Lateness);
        IterationsEnded += interval.IterationsEnded;
        IterationsDropped += interval.IterationsDropped;
    }

    private static TimeSpan LoadEnd(RunRecord run)
    {
        var cut = run.Events.FirstOrDefault(e => e is TimelineEvent.StopRequested or TimelineEvent.Aborted or TimelineEvent.RunFailed)?.At;
        if (cut is null && !run.Ended)
            cut = TimeSpan.FromSeconds(run.Intervals.Count == 0 ? 0 : run.Intervals.Max(i => i.Second) + 1);
        cut ??= run.Events.OfType<TimelineEvent.LoadEnded>().FirstOrDefault()?.At;
        return cut < run.Manifest.Duration ? cut.Value : run.Manifest.Duration;
    }
}
