using Pressure.Record;

namespace Pressure.Reports.Tests;

/// <summary>A run as it might have been: a shop pressed by several workers in two regions, one of which dies at half time and is replaced.</summary>
internal static class CrewRun
{
    private static readonly RequestManifest[] Requests =
    [
        new("home", "browse", "GET", "http://127.0.0.1:5080/", "gateway", 0.5),
        new("item", "browse", "GET", "http://127.0.0.1:5081/item/42", "item", 0.3),
        new("order", "buy", "POST", "http://127.0.0.1:5083/order", "order", 0.2),
    ];

    /// <param name="workers">How many.</param>
    /// <param name="seconds">Length of the load.</param>
    /// <param name="lost">The worker that dies at half time, from 0; none if negative.</param>
    /// <param name="slow">One that can't keep up for some seconds; none if negative.</param>
    /// <param name="rate">Requests a second and worker.</param>
    /// <param name="tolerance">What may be lost.</param>
    /// <param name="taken">Seconds after which its share is another's.</param>
    public static RunRecord Build(int workers = 4, int seconds = 60, int lost = 2, int slow = -1, int rate = 500, double tolerance = 0.05, int taken = 7)
    {
        var run = RunBuilder.New().Manifest(m => Manifest(m, workers, seconds, rate, tolerance)).Requests(Requests)
            .Threshold("http_req_duration", "p(95) < 500ms");
        var random = new Random(7);
        var (death, takeover) = (seconds / 2, seconds / 2 + taken);
        var heir = (lost + 1) % workers;
        for (var second = 0; second < seconds; second++)
        {
            for (var share = 0; share < workers; share++)
            {
                var gone = share == lost && second >= death;
                var unsent = gone && second < takeover;
                run.Interval(Interval(second, share, rate, random, unsent));
                if (!gone || second < death)
                    run.Generator(Sample(Name(share), second, random, share == slow && second is >= 20 and < 26, share == heir && second >= takeover && lost >= 0 ? 2 : 1));
            }
        }
        if (lost >= 0)
        {
            run.Event(new TimelineEvent.WorkerLost(At(takeover - 0.5), Name(lost), TimeSpan.FromSeconds(taken)))
                .Event(new TimelineEvent.ShareTakenOver(At(takeover), lost, Name(lost), Name(heir)))
                .Event(new TimelineEvent.ShareUnsent(At(death), At(takeover), lost, Name(lost), (long)rate * taken));
        }
        return run.Event(new TimelineEvent.WarmUpEnded(At(5))).Event(new TimelineEvent.LoadEnded(At(seconds))).Build();
    }

    public static string Name(int worker) => $"w{worker + 1}";

    public static CrewManifest Crew(int workers, double tolerance) => new()
    {
        Workers = [.. Enumerable.Range(0, workers).Select(w => new WorkerManifest
        {
            Name = Name(w),
            Region = w % 5 < 3 ? "eu" : "us",
            Capacity = 12_000,
            Cores = 4,
            ClockOffset = TimeSpan.FromMilliseconds((w * 37 % 23) - 9.4),
            ClockUncertainty = TimeSpan.FromMilliseconds(0.3 + (w % 4)),
        })],
        Weights = [.. Enumerable.Repeat(1, workers)],
        Heartbeat = TimeSpan.FromSeconds(3),
        Lease = TimeSpan.FromSeconds(7.5),
        Tolerance = tolerance,
    };

    private static RunManifest Manifest(RunManifest m, int workers, int seconds, int rate, double tolerance) => m with
    {
        Id = "20261122-031500-shop-crew-4f2a",
        Name = "shop from two regions",
        Duration = TimeSpan.FromSeconds(seconds),
        WarmUp = TimeSpan.FromSeconds(5),
        Load = new LoadManifest { Kind = "rate", Arrivals = "uniform", Total = (long)rate * workers * seconds, Segments = [new(TimeSpan.Zero, TimeSpan.FromSeconds(seconds), rate * workers, rate * workers)] },
        Crew = Crew(workers, tolerance),
    };

    private static Interval Interval(int second, int share, int rate, Random random, bool unsent)
    {
        var interval = new Interval(share, second, Requests.Length) { OpenConnections = unsent ? 0 : 12, InFlight = unsent ? 0 : 3 };
        for (var i = 0; i < Requests.Length; i++)
        {
            var (request, due) = (interval.Requests[i], (long)Math.Round(rate * Requests[i].Share));
            request.Asked = due;
            if (unsent)
            {
                request.NotSent = due;
                continue;
            }
            (request.Sent, request.Ok, request.ChecksPassed, request.BytesSent, request.BytesReceived) = (due, due, due, due * 180, due * 4_200);
            request.CountStatus(200, due);
            for (var n = 0; n < due; n += 10)
            {
                var service = 4 * (i + 1) * (0.6 - 0.45 * Math.Log(1 - random.NextDouble()));
                request.ServiceTime.Record(TimeSpan.FromMilliseconds(service), Math.Min(10, due - n));
                request.ResponseTime.Record(TimeSpan.FromMilliseconds(service + 0.2), Math.Min(10, due - n));
            }
            interval.Lateness.Record(TimeSpan.FromMicroseconds(30 + random.Next(90)), due);
        }
        return interval;
    }

    private static GeneratorSample Sample(string worker, int second, Random random, bool slow, double load) => new()
    {
        Worker = worker,
        At = TimeSpan.FromSeconds(second + 1),
        Cpu = load * (0.3 + random.NextDouble() * 0.05),
        BusiestLane = slow ? 0.99 : load * (0.28 + random.NextDouble() * 0.04),
        LateP50 = TimeSpan.FromMicroseconds(slow ? 18_000 : 25 + random.Next(10)),
        LateP99 = TimeSpan.FromMicroseconds(slow ? 240_000 : 90 + random.Next(80)),
        Memory = 90_000_000,
    };

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
