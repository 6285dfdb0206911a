using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What was read of one metric of hosts, containers or processes over some time, subject by subject. Its size follows from the subjects, not from the time.</summary>
/// <param name="selector">The metric, and the tags that narrow it.</param>
/// <param name="agents">The run's agents, whose labels name services.</param>
internal sealed class SubjectReadings(MetricSelector selector, IReadOnlyList<HostManifest> agents)
{
    /// <summary>Processes come and go; what starts a new one every second must not fill the memory.</summary>
    private const int MostSubjects = 2_000;

    private readonly Dictionary<Subject, Values> _bySubject = [];

    /// <summary>Takes a sample.</summary>
    public void Take(HostSample sample)
    {
        var service = ServiceOf(sample.Host);
        if (selector.Metric is Metric.Gauge gauge)
        {
            foreach (var (subject, value) in gauge.Of(sample, service))
            {
                if (double.IsFinite(value))
                    Of(subject)?.Add(value, sample.Over);
            }
        }
        else if (selector.Metric.IsOfCollections)
        {
            // Whoever is listened to and did not collect has collected nothing: that is known, too.
            foreach (var process in (sample.Processes ?? []).Where(p => p.Gc is not null))
                Of(new(sample.Host, process.Service ?? service, process.Container, process.Name, process.Pid));
        }
    }

    /// <summary>Takes a collection.</summary>
    public void Take(GcEvent gc)
    {
        if (selector.Metric.IsOfCollections)
            Of(new(gc.Host, gc.Service ?? ServiceOf(gc.Host), gc.Container, gc.Process, gc.Pid))?.Add(gc);
    }

    /// <summary>Adds what was read over another stretch of time.</summary>
    public void Add(SubjectReadings other)
    {
        foreach (var (subject, values) in other._bySubject)
            Of(subject)?.Add(values);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _bySubject.Clear();

    /// <summary>The figure of every subject of which there is one.</summary>
    /// <param name="aggregation">Which figure.</param>
    /// <param name="seconds">The time that was read over.</param>
    /// <param name="leastShare">Share (0 to 1) of that time of which samples must tell; of a subject with less nothing is said.</param>
    public IReadOnlyList<Reading> Figures(Aggregation aggregation, double seconds, double leastShare = 0) =>
        [.. from entry in _bySubject
            where entry.Value.Covers(leastShare * seconds) || selector.Metric.IsOfCollections
            let figure = entry.Value.Figure(selector.Metric, aggregation, seconds)
            where figure is not null
            select new Reading(entry.Key, figure.Value)];

    private Values? Of(Subject subject)
    {
        if (_bySubject.TryGetValue(subject, out var found))
            return found;
        if (_bySubject.Count >= MostSubjects || !selector.Matches(subject))
            return null;
        return _bySubject[subject] = new Values();
    }

    private string? ServiceOf(string host) => agents.FirstOrDefault(a => a.Name == host)?.Labels.GetValueOrDefault(Machines.ServiceLabel);

    private sealed class Values
    {
        private readonly Histogram _pauses = new();
        private double _sum, _least = double.MaxValue, _most = double.MinValue;
        private TimeSpan _stopped, _longest, _covered;
        private long _count, _full;

        public bool Covers(double seconds) => _covered.TotalSeconds >= seconds;

        public void Add(double value, TimeSpan over)
        {
            (_sum, _count, _least, _most) = (_sum + value, _count + 1, Math.Min(_least, value), Math.Max(_most, value));
            _covered += over;
        }

        public void Add(GcEvent gc)
        {
            _full += gc.IsFull ? 1 : 0;
            if (gc.Kind is GcKind.AllocationStall || gc.Pause <= TimeSpan.Zero)
                return;
            _pauses.Record(gc.Pause);
            _stopped += gc.Pause;
            _longest = gc.Pause > _longest ? gc.Pause : _longest;
        }

        public void Add(Values other)
        {
            _pauses.Add(other._pauses);
            (_sum, _count, _least, _most) = (_sum + other._sum, _count + other._count, Math.Min(_least, other._least), Math.Max(_most, other._most));
            _covered += other._covered;
            (_stopped, _full, _longest) = (_stopped + other._stopped, _full + other._full, other._longest > _longest ? other._longest : _longest);
        }

        public double? Figure(Metric metric, Aggregation aggregation, double seconds) => (metric, aggregation) switch
        {
            (Metric.Gauge, _) when _count == 0 => null,
            (Metric.Gauge, Aggregation.Average) => _sum / _count,
            (Metric.Gauge, Aggregation.Minimum) => _least,
            (Metric.Gauge, _) => _most,
            (Metric.GcPause, Aggregation.Average) => _pauses.Count == 0 ? 0 : _stopped.TotalMilliseconds / _pauses.Count,
            (Metric.GcPause, Aggregation.Minimum) => Durations.Milliseconds(_pauses.Min),
            (Metric.GcPause, Aggregation.Percentile p) => Durations.Milliseconds(_pauses.Percentile(p.Percent)),
            (Metric.GcPause, _) => _longest.TotalMilliseconds,
            (Metric.GcTime, _) => seconds > 0 ? Math.Min(1, _stopped.TotalSeconds / seconds) : null,
            (Metric.GcCount, Aggregation.Count) => _full,
            (Metric.GcCount, _) => seconds > 0 ? _full / seconds : null,
            _ => null,
        };
    }
}
