using Pressure.Record;

namespace Pressure.Reports;

/// <summary>All figures of one subject over a run's seconds.</summary>
internal abstract class Track<T>(IReadOnlyList<Figure<T>> figures, Func<int, bool> counts, int step)
{
    private readonly Series?[] _series = new Series?[figures.Count];
    private TimeSpan? _last;

    /// <summary>Which seconds count.</summary>
    protected Func<int, bool> Counts => counts;

    /// <summary>The figures that were ever measured, by name.</summary>
    public IEnumerable<(Figure<T> Figure, Series Series)> Measured =>
        figures.Zip(_series).Where(f => f.Second is not null).Select(f => (f.First, f.Second!));

    /// <summary>A figure; null if it was never measured.</summary>
    public Series? this[string key] => Measured.FirstOrDefault(f => f.Figure.Key == key).Series;

    /// <summary>Mean and peak of a figure; null if nothing of it was measured in the seconds that count.</summary>
    public MeanAndPeak? Spread(string key) => this[key]?.Spread;

    /// <summary>Takes the next sample.</summary>
    protected void Take(HostSample sample, T reading)
    {
        var (from, to) = SecondsOf(sample);
        for (var i = 0; i < figures.Count; i++)
        {
            if (figures[i].Of(reading) is { } value)
                (_series[i] ??= new(counts, step)).Set(from, to, value);
        }
        _last = _last > sample.At ? _last : sample.At;
    }

    /// <summary>The seconds that a sample stands for: those that it covers, and what a tick that slipped over a second's edge would leave bare.</summary>
    private (int From, int To) SecondsOf(HostSample sample)
    {
        var to = Timeline.SecondOf(sample.At);
        var begin = sample.At - sample.Over;
        if (_last is { } last && sample.At > last && sample.At - last <= sample.Over * 2)
            begin = last;
        // The second after the one that a sample up to there would belong to; before the run's start there is none.
        var from = Math.Max(0, (int)Math.Floor(begin.TotalSeconds - 0.5) + 1);
        return (Math.Min(from, to), to);
    }
}

/// <summary>A host.</summary>
internal sealed class HostTrack(HostManifest host, Func<int, bool> counts, int step) : Track<HostSample>(FigureLists.OfHosts, counts, step)
{
    public string Name => host.Name;

    public IReadOnlyDictionary<string, string> Labels => host.Labels;

    public string? Service => Labels.GetValueOrDefault(Machines.ServiceLabel);

    public int Cores { get; private set; }

    public long MemoryTotal { get; private set; }

    /// <summary>Retransmits as a share of the segments sent in the seconds that count.</summary>
    public double RetransmitShare => this["segments"] is { Mean: > 0 and var sent } ? (this["retransmits"]?.Mean ?? 0) / sent : 0;

    /// <summary>The stretches of whole seconds, two at least, in which nothing is known of it; up to two samples' time apart is none.</summary>
    public IReadOnlyList<(int From, int To)> GapsWithin(TimeSpan start, TimeSpan end)
    {
        var gaps = new List<(int From, int To)>();
        var (from, until) = ((int)Math.Floor(start.TotalSeconds), (int)Math.Floor(end.TotalSeconds));
        for (var second = from; second <= until; second++)
        {
            if (second < until && this["busy"] is var busy && (busy is null || float.IsNaN(busy[second])))
                continue;
            if (second - from >= 2)
                gaps.Add((from, second));
            from = second + 1;
        }
        return gaps;
    }

    /// <summary>How far the host's clock may have been off the run's.</summary>
    public TimeSpan Uncertainty { get; private set; }

    public void Take(HostSample sample)
    {
        Cores = Math.Max(Cores, sample.Cores);
        MemoryTotal = Math.Max(MemoryTotal, sample.MemoryTotal);
        if (sample.Clock is { } clock && clock.Uncertainty > Uncertainty)
            Uncertainty = clock.Uncertainty;
        Take(sample, sample);
    }
}

/// <summary>A container of a host.</summary>
internal sealed class ContainerTrack(HostTrack host, ContainerSample first, Func<int, bool> counts, int step) : Track<ContainerReading>(FigureLists.OfContainers, counts, step)
{
    public HostTrack Host => host;

    public string Id => first.Id;

    public string Name => first.Name;

    public string? Service => first.Service ?? host.Service;

    /// <summary>As it was last.</summary>
    public ContainerReading Last { get; private set; }

    public void Take(HostSample sample, ContainerSample container) => Take(sample, Last = new ContainerReading(sample, container));
}

/// <summary>A watched process of a host, with its collections.</summary>
internal sealed class ProcessTrack(HostTrack host, int pid, string name, string? container, string? service, Func<int, bool> counts, int step)
    : Track<ProcessReading>(FigureLists.OfProcesses, counts, step)
{
    public HostTrack Host => host;

    public int Pid => pid;

    public string Name => name;

    public string? Container => container;

    public string? Service => service;

    /// <summary>Its collections; null if none was ever told.</summary>
    public GcTrack? Gc { get; private set; }

    /// <summary>Whether its collector is listened to.</summary>
    public bool IsListenedTo => Gc is not null || this["stopped"] is not null;

    /// <summary>Share (0 to 1) of the seconds that count, as far as anything is known of them, in which it was stopped for collections that were told.</summary>
    public double StoppedShare => KnownSeconds is > 0 and var known ? Math.Min(1, (Gc?.PauseTotal.TotalSeconds ?? 0) / known) : 0;

    /// <summary>The same share of the worst second.</summary>
    public double MostStopped => Gc?.Seconds.Where(Counts).Select(s => Math.Min(1, Gc.In(s)!.Value.Stopped)).DefaultIfEmpty().Max() ?? 0;

    /// <summary>Share of a second in which it was stopped; null when nothing is known of it.</summary>
    public double? StoppedIn(int second)
    {
        if (Gc?.In(second) is { } told)
            return Math.Min(1, told.Stopped);
        if (!IsKnown(second))
            return null;
        return Gc is not null ? 0 : this["stopped"]?[second] is { } share && !float.IsNaN(share) ? share : null;
    }

    // A process that is only listened to is known as long as its host is.
    private bool IsKnown(int second) => (this["cpu"] ?? host["busy"]) is { } series && !float.IsNaN(series[second]);

    private int KnownSeconds => (this["cpu"] ?? host["busy"])?.Count ?? 0;

    public void Take(HostSample sample, ProcessSample process) =>
        Take(sample, new ProcessReading(sample, process, sample.Containers?.FirstOrDefault(c => c.Name == process.Container)));

    public void Take(GcEvent collection) => (Gc ??= new GcTrack(collection, Counts)).Take(collection);
}
