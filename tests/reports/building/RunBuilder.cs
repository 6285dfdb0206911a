using Pressure.Record;

namespace Pressure.Reports.Tests;

/// <summary>Makes run records by hand, a second at a time.</summary>
internal sealed class RunBuilder
{
    private readonly List<Interval> _intervals = [];
    private readonly List<GeneratorSample> _generator = [];
    private readonly List<HostSample> _hosts = [];
    private readonly List<TimelineEvent> _events = [new TimelineEvent.RunStarted(TimeSpan.Zero)];
    private RunManifest _manifest = new()
    {
        Id = "20261121-031500-shop-4f2a",
        Name = "shop",
        Target = "http://127.0.0.1:5080",
        StartedAt = new DateTimeOffset(2026, 11, 21, 3, 15, 0, TimeSpan.Zero),
        Version = "0.1.0",
        Duration = TimeSpan.FromSeconds(10),
        Load = new LoadManifest { Kind = "rate", Arrivals = "uniform", Total = 1000, Segments = [new(TimeSpan.Zero, TimeSpan.FromSeconds(10), 100, 100)] },
        Requests = [new("home", "browse", "GET", "http://127.0.0.1:5080/", "shop", 1)],
    };

    private bool _ended = true;

    public static RunBuilder New() => new();

    public RunBuilder Manifest(Func<RunManifest, RunManifest> change)
    {
        _manifest = change(_manifest);
        return this;
    }

    public RunBuilder Requests(params RequestManifest[] requests) => Manifest(m => m with { Requests = requests });

    public RunBuilder Threshold(string metric, string expression) =>
        Manifest(m => m with { Thresholds = [.. m.Thresholds, new ThresholdManifest(metric, expression)] });

    /// <summary>Ok and failed requests of one second with equal response times; what is asked follows.</summary>
    public RunBuilder Second(int second, long ok = 0, long failed = 0, long notSent = 0, double milliseconds = 10, int request = 0, RequestError error = RequestError.CheckFailed, int status = 503)
    {
        var interval = _intervals.FirstOrDefault(i => i.Second == second);
        if (interval is null)
            _intervals.Add(interval = new Interval(0, second, _manifest.Requests.Count));
        var r = interval.Requests[request];
        r.Asked += ok + failed + notSent;
        r.Sent += ok + failed;
        r.NotSent += notSent;
        r.Ok += ok;
        r.Failed += failed;
        r.BytesSent += 100 * (ok + failed);
        r.BytesReceived += 1000 * ok;
        r.ChecksPassed += ok;
        r.ChecksFailed += error == RequestError.CheckFailed ? failed : 0;
        Count(r, ok, failed, error, status);
        r.ResponseTime.Record(TimeSpan.FromMilliseconds(milliseconds), ok + failed);
        r.ServiceTime.Record(TimeSpan.FromMilliseconds(milliseconds / 2), ok + failed);
        interval.IterationsEnded += ok;
        return this;
    }

    /// <summary>The same for seconds 0 up to, not including, <paramref name="count"/>.</summary>
    public RunBuilder Seconds(int count, long ok = 0, long failed = 0, long notSent = 0, double milliseconds = 10, RequestError error = RequestError.CheckFailed, int status = 503)
    {
        for (var second = 0; second < count; second++)
            Second(second, ok, failed, notSent, milliseconds, 0, error, status);
        return this;
    }

    public RunBuilder Interval(Interval interval)
    {
        // As read from a run folder: packed, so that hours of them fit into memory.
        _intervals.Add(Record.Interval.Decode(interval.Encode()));
        return this;
    }

    public RunBuilder Generator(int second, double lateMilliseconds, double busiestLane = 0.3, double? lateMedian = null)
    {
        _generator.Add(new GeneratorSample
        {
            At = TimeSpan.FromSeconds(second + 1),
            Cpu = 0.4,
            BusiestLane = busiestLane,
            LateP50 = TimeSpan.FromMilliseconds(lateMedian ?? lateMilliseconds / 4),
            LateP99 = TimeSpan.FromMilliseconds(lateMilliseconds),
            Memory = 90_000_000,
        });
        return this;
    }

    public RunBuilder Generator(GeneratorSample sample)
    {
        _generator.Add(sample);
        return this;
    }

    public RunBuilder Host(HostSample sample)
    {
        _hosts.Add(sample);
        return this;
    }

    public RunBuilder Event(TimelineEvent what)
    {
        _events.Add(what);
        return this;
    }

    public RunBuilder NotEnded()
    {
        _ended = false;
        return this;
    }

    public RunRecord Build() => new()
    {
        Manifest = _manifest,
        PlanText = "name: shop\n",
        Intervals = [.. _intervals.OrderBy(i => i.Second)],
        Hosts = _hosts,
        Generator = _generator,
        Events = [.. _events.OrderBy(e => e.At), .. _ended ? [new TimelineEvent.RunEnded(_manifest.Duration)] : Array.Empty<TimelineEvent>()],
    };

    private static void Count(RequestInterval r, long ok, long failed, RequestError error, int status)
    {
        if (ok > 0)
            r.CountStatus(200, ok);
        if (failed == 0)
            return;
        r.CountError(error, failed);
        if (error == RequestError.CheckFailed)
            r.CountStatus(status, failed);
    }
}
