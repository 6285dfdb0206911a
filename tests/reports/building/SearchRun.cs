using Pressure.Record;

namespace Pressure.Reports.Tests;

/// <summary>A capacity search as it might have been: a queue that serves 460 a second.</summary>
internal static class SearchRun
{
    private const int Seconds = 8;
    private static readonly (double Rate, SearchPhase Phase)[] Steps =
    [
        (50, SearchPhase.Ramp), (75, SearchPhase.Ramp), (112, SearchPhase.Ramp), (168, SearchPhase.Ramp), (252, SearchPhase.Ramp), (378, SearchPhase.Ramp),
        (567, SearchPhase.Ramp), (567, SearchPhase.Ramp), (463, SearchPhase.Bisect), (463, SearchPhase.Bisect), (418, SearchPhase.Bisect),
        (440, SearchPhase.Bisect), (451, SearchPhase.Bisect), (451, SearchPhase.Bisect), (440, SearchPhase.Confirm), (440, SearchPhase.Confirm), (451, SearchPhase.Recheck),
    ];

    public static RunRecord Build(SearchResult? result = null, bool thresholds = false, Func<double, PlateauOutcome?>? outcome = null)
    {
        var run = RunBuilder.New().Manifest(Manifest);
        if (thresholds)
            run.Threshold("http_req_duration", "p(99) < 10ms");
        var from = 0;
        var number = 0;
        foreach (var (rate, phase) in Steps)
        {
            var started = new TimelineEvent.SearchPlateauStarted(TimeSpan.FromSeconds(from), ++number, phase, rate);
            var seconds = Enumerable.Range(from + 2, Seconds).Select(s => Second(run, s, rate)).ToList();
            var plateau = PlateauMeasure.Of(run.Build().Manifest, started, seconds, [], []);
            plateau = plateau with { Outcome = outcome?.Invoke(rate) ?? plateau.Outcome };
            run.Event(started).Event(new TimelineEvent.SearchPlateauEnded(TimeSpan.FromSeconds(from += Seconds + 2), plateau, 440, 451));
        }
        run.Event(new TimelineEvent.SearchEnded(TimeSpan.FromSeconds(from), result ?? Found())).Event(new TimelineEvent.LoadEnded(TimeSpan.FromSeconds(from)));
        return run.Build() with { PlanText = Plan };
    }

    public static SearchResult Found() => new()
    {
        Ending = SearchEnding.Found,
        Holds = 440,
        Confirmed = true,
        Breaks = 451,
        BrokenBy = new("http_req_duration", "p(95) < 200ms", 200, false, 312.4),
        Knee = 252,
        Confidence = 0.92,
        Near = 10,
        Agreeing = 10,
    };

    private static RunManifest Manifest(RunManifest m) => m with
    {
        Name = "capacity 容量",
        Duration = TimeSpan.FromMinutes(15),
        Load = new LoadManifest
        {
            Kind = "search",
            Arrivals = "uniform",
            Total = 0,
            Segments = [new(TimeSpan.Zero, TimeSpan.FromMinutes(15), 50, 50)],
            Search = new SearchManifest
            {
                Slo = [new("http_req_duration", "p(95) < 200ms"), new("http_req_failed", "rate < 1%")],
                From = 50,
                Plateau = TimeSpan.FromSeconds(Seconds + 2),
                Resolution = 0.05,
            },
        },
    };

    private static Interval Second(RunBuilder run, int second, double rate)
    {
        const double served = 460;
        var interval = new Interval(0, second, 1);
        var r = interval.Requests[0];
        r.Asked = r.Sent = (long)rate;
        r.Ok = (long)Math.Min(rate, served);
        var mean = rate < served ? 1000 / (served - rate) : 1500 + second % 10 * 200;
        for (var i = 0; i < r.Ok; i++)
            r.ResponseTime.Record(TimeSpan.FromMilliseconds(2 - mean * Math.Log(1 - (i + 0.5) / r.Ok)));
        r.ServiceTime.Add(r.ResponseTime);
        r.CountStatus(200, r.Ok);
        run.Interval(interval);
        return interval;
    }

    private const string Plan = """
        name: capacity
        target: http://127.0.0.1:5080
        load:
          search:
            slo: [ "http_req_duration: p(95) < 200ms", "http_req_failed: rate < 1%" ]
            from: 50/s
        scenarios: [ { steps: [ { get: / } ] } ]
        """;
}
