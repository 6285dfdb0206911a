using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Brings a run what there is to know of its hosts, beside the load and on the thread pool: samples some itself once a second, is told of others.</summary>
/// <param name="hosts">The hosts to sample.</param>
/// <param name="feeds">Tell of others.</param>
/// <param name="clock">The clock of the run.</param>
/// <param name="time">Tells when a second is over.</param>
/// <param name="keep">Puts a sample on disk.</param>
/// <param name="keepGc">Puts a collection on disk.</param>
/// <param name="tell">Puts an event on the timeline.</param>
internal sealed class HostSampling(
    IReadOnlyList<IHostSource> hosts,
    IReadOnlyList<IHostFeed> feeds,
    RunClock clock,
    TimeProvider time,
    Action<HostSample> keep,
    Action<GcEvent> keepGc,
    Action<TimelineEvent> tell) : IHostSink
{
    /// <summary>How long the end of a run waits for what hosts have still to tell.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<TimeSpan> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<GcEvent> _collections = [];
    private bool _closed;
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

    /// <summary>Of the <paramref name="latest"/> samples, those that are not out of date at a moment: what a silent host last said is no news.</summary>
    public static HostSample[] Fresh(IEnumerable<HostSample> latest, TimeSpan now) => [.. latest.Where(h => h.At >= now - h.Over * 2 - TimeSpan.FromSeconds(1))];

    /// <summary>The collections told since the last call.</summary>
    public GcEvent[] TakeCollections()
    {
        lock (_gate)
        {
            GcEvent[] told = [.. _collections];
            _collections.Clear();
            return told;
        }
    }

    /// <summary>Samples and follows until <see cref="EndAsync"/>.</summary>
    public Task RunAsync() => Task.WhenAll(feeds.Select(f => f.FollowAsync(clock, this, _end.Task)).Append(SampleAsync()));

    /// <summary>The load is over: what hosts have still to tell of it comes in, as far as it comes soon; later nothing is taken any more.</summary>
    public async Task EndAsync(Task running)
    {
        _end.TrySetResult(Now);
        // A host whose figures don't come must not keep the run from its end.
        await Task.WhenAny(running, Task.Delay(Patience));
        lock (_gate)
            _closed = true;
    }

    /// <inheritdoc/>
    public void Take(HostSample sample)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            if (!_latest.TryGetValue(sample.Host, out var latest) || latest.At < sample.At)
                _latest[sample.Host] = sample;
            keep(sample);
        }
    }

    /// <inheritdoc/>
    public void Take(GcEvent collection)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _collections.Add(collection);
            keepGc(collection);
        }
    }

    /// <inheritdoc/>
    public void Tell(TimelineEvent what)
    {
        lock (_gate)
        {
            if (!_closed)
                tell(what);
        }
    }

    private TimeSpan Now => clock.Now is var now && now > TimeSpan.Zero ? now : TimeSpan.Zero;

    private async Task SampleAsync()
    {
        SampleAll();
        using var everySecond = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await Task.WhenAny(everySecond.WaitForNextTickAsync().AsTask(), _end.Task) != _end.Task)
            SampleAll();
        // A run of less than a second has no sample yet.
        if (Latest.Length == 0)
            SampleAll();
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
            sample = host.Sample(Now);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (_unreadable.Add(host.Host))
                Tell(new TimelineEvent.DataLost(Now, e.Message, host.Host));
            return;
        }
        if (sample is not null)
            Take(sample);
    }
}
