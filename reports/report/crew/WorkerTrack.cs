using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What one worker did, second by second. Its size follows from the points of a chart, not from the run's length.</summary>
internal sealed class WorkerTrack(WorkerManifest worker, double share, IReadOnlyList<int> shares, TimeGrid grid)
{
    private readonly long[] _sent = new long[grid.Count];
    private readonly double?[] _late = new double?[grid.Count];
    private double _cpu;
    private int _samples;

    public string Name => worker.Name;

    public WorkerManifest Manifest => worker;

    /// <summary>The part (0 to 1) of the load that it began with; 0 for one that came later.</summary>
    public double Share => share;

    /// <summary>The shares that it ever had, from 0.</summary>
    public IReadOnlyList<int> Shares => shares;

    public long Asked { get; private set; }

    public long Sent { get; private set; }

    public long NotSent { get; private set; }

    /// <summary>Of those not sent, requests that nobody made since it was lost.</summary>
    public long Unsent { get; set; }

    /// <summary>How late its sends were in the measured time.</summary>
    public Histogram Lateness { get; } = new();

    /// <summary>Why its figures can't be trusted; null when they can.</summary>
    public Saturation? Saturation { get; private set; }

    /// <summary>When it was given up, the first time; null if never.</summary>
    public TimeSpan? LostAt { get; private set; }

    /// <summary>When it was heard again after that.</summary>
    public TimeSpan? HeardAt { get; private set; }

    /// <summary>Mean cores busy in the measured time.</summary>
    public double Cpu => _samples == 0 ? 0 : _cpu / _samples;

    public double LateP99 => Durations.Milliseconds(Lateness.Percentile(99));

    /// <summary>Requests a second at the points of the run's time axis.</summary>
    public IReadOnlyList<double?> Rates => [.. _sent.Select(s => TimeGrid.Rounded((double)s / grid.Step))];

    /// <summary>The 99th percentile of how late it was in the worst second of each point, milliseconds.</summary>
    public IReadOnlyList<double?> Late => [.. _late.Select(TimeGrid.Rounded)];

    /// <summary>Takes a second of a share that it had.</summary>
    public void Take(Interval interval, bool counts)
    {
        var point = grid.PointOf(interval.Second);
        foreach (var request in interval.Requests)
        {
            _sent[point] += request.Sent;
            if (!counts)
                continue;
            Asked += request.Asked;
            Sent += request.Sent;
            NotSent += request.NotSent;
        }
        if (counts)
            Lateness.Add(interval.Lateness);
    }

    /// <summary>Takes all its samples, one a second; <paramref name="counts"/> says which seconds are judged.</summary>
    public void Take(IReadOnlyList<GeneratorSample> samples, Func<int, bool> counts)
    {
        foreach (var sample in samples)
        {
            var second = Timeline.SecondOf(sample.At);
            if (grid.Has(second))
                _late[grid.PointOf(second)] = Math.Max(_late[grid.PointOf(second)] ?? 0, sample.LateP99.TotalMilliseconds);
            if (!counts(second))
                continue;
            _cpu += sample.Cpu;
            _samples++;
        }
        Saturation = GeneratorHealth.Judge([.. samples.Where(s => counts(Timeline.SecondOf(s.At)))], []);
    }

    /// <summary>Takes what was told of it.</summary>
    public void Take(TimelineEvent what)
    {
        if (what is TimelineEvent.WorkerLost)
            LostAt ??= what.At;
        else if (what is TimelineEvent.WorkerHeard)
            HeardAt = what.At;
    }
}
