using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Samples a run's hosts once a second beside the load, on the thread pool.</summary>
/// <param name="hosts">The hosts.</param>
/// <param name="time">Tells when a second is over.</param>
/// <param name="now">The offset on the run clock.</param>
/// <param name="keep">Puts a sample on disk.</param>
/// <param name="tell">Puts an event on the timeline.</param>
internal sealed class HostSampling(IReadOnlyList<IHostSource> hosts, TimeProvider time, Func<TimeSpan> now, Action<HostSample> keep, Action<TimelineEvent> tell)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HostSample> _latest = [];
    private readonly HashSet<string> _unreadable = [];

    /// <summary>The last sample of each host that has given one.</summary>
    public HostSample[] Latest
    {
        get
        {
            lock (_gate)
                return [.. _latest.Values];
        }
    }

    /// <summary>Samples until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        SampleAll();
        using var everySecond = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await everySecond.WaitForNextTickAsync(stop))
                SampleAll();
        }
        catch (OperationCanceledException)
        {
            // The run is over. One of less than a second has no sample yet.
            if (Latest.Length == 0)
                SampleAll();
        }
    }

    private void SampleAll()
    {
        foreach (var host in hosts)
            Sample(host);
    }

    /// <summary>A host that can't be read is told once and leaves a gap; it is no reason to stop pressing.</summary>
    private void Sample(IHostSource host)
    {
        HostSample? sample;
        try
        {
            sample = host.Sample(now());
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (_unreadable.Add(host.Host))
                tell(new TimelineEvent.DataLost(now(), e.Message, host.Host));
            return;
        }
        if (sample is null)
            return;
        lock (_gate)
            _latest[sample.Host] = sample;
        keep(sample);
    }
}
