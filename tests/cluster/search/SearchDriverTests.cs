using Pressure.LoadGen;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

/// <summary>The driver, second by second, on a clock that is turned by hand.</summary>
public sealed class SearchDriverTests
{
    private readonly FakeTime _time = new();
    private readonly RunClock _clock;
    private readonly Steering _steering;
    private readonly SearchDriver _driver;
    private readonly List<TimelineEvent> _told = [];
    private int _second;

    public SearchDriverTests()
    {
        var plan = PlanReader.Parse("""
            name: capacity
            target: http://127.0.0.1:9
            load:
              warmUp: 2s
              search: { slo: [ "http_req_duration: p(95) < 200ms" ], from: 50/s, to: 100/s, plateau: 5s, within: 5m }
            scenarios: [ { steps: [ get: / ] } ]
            """, "plan.yaml").Plan!;
        var workload = Workload.Of(plan);
        _clock = new RunClock(_time, TimeSpan.Zero);
        _steering = new Steering(workload, _clock);
        var manifest = new RunManifest
        {
            Id = "x",
            Name = "x",
            Target = "x",
            StartedAt = default,
            Version = "0",
            Duration = plan.Duration,
            Load = workload.Load,
            Requests = workload.Requests(),
        };
        _driver = new SearchDriver((Load.Search)plan.Load, plan.WarmUp, manifest, _steering, _told.Add);
    }

    private SearchPlateau Judged => _told.OfType<TimelineEvent.SearchPlateauEnded>().Last().Plateau;

    private TimelineEvent.SearchPlateauStarted Begun => _told.OfType<TimelineEvent.SearchPlateauStarted>().Last();

    private double RateNow => ((SteeringChange.ToRate)_steering.State.Level).Rate.PerSecond;

    [Fact]
    public void The_first_plateau_begins_when_the_warm_up_is_over_and_leaves_its_settling_out()
    {
        Pass(seconds: 3, milliseconds: 500);
        Pass(seconds: 4);

        Assert.Equal((TimeSpan.FromSeconds(2), 50.0), (_told.OfType<TimelineEvent.SearchPlateauStarted>().First().At, 50.0));
        Assert.Equal((3, 4, PlateauOutcome.Held), (Judged.FromSecond, Judged.Seconds, Judged.Outcome));
        Assert.Equal(75, RateNow);
        Assert.Equal((SearchPhase.Ramp, 75.0), (Begun.Phase, Begun.Rate));
        // Steered within a second, which is part of the settling of the next.
        Assert.InRange(Begun.At, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8));
        Pass(seconds: 5);
        Assert.Equal((8, 75.0), (Judged.FromSecond, Judged.Rate));
    }

    [Fact]
    public void After_a_plateau_that_broke_nothing_is_asked_until_all_answers_are_in()
    {
        Pass(seconds: 7);
        Pass(seconds: 5, milliseconds: 500, inFlight: 40);
        Assert.Equal(PlateauOutcome.Broke, Judged.Outcome);
        Assert.Equal(0, RateNow);

        Pass(seconds: 3, inFlight: 20);
        Assert.Equal(0, RateNow);
        Pass(seconds: 1, inFlight: 0);
        Assert.Equal(75, RateNow);
    }

    [Fact]
    public void A_breath_lasts_no_longer_than_a_plateau()
    {
        Pass(seconds: 7);
        Pass(seconds: 5, milliseconds: 500, inFlight: 40);
        Pass(seconds: 6, inFlight: 20);

        Assert.Equal(75, RateNow);
    }

    [Fact]
    public void A_generator_that_falls_behind_twice_ends_the_search_as_its_own_limit()
    {
        Pass(seconds: 7);
        Pass(seconds: 14, late: 50);

        var result = Assert.Single(_told.OfType<TimelineEvent.SearchEnded>()).Result;
        Assert.Equal((SearchEnding.GeneratorSaturated, 50, 75), (result.Ending, result.Holds, result.GeneratorLimit));
        Assert.NotNull(_steering.State.FinishedAt);
    }

    [Fact]
    public void The_load_ends_with_the_search()
    {
        Pass(seconds: 60);

        var end = Assert.Single(_told.OfType<TimelineEvent.SearchEnded>());
        Assert.Equal((SearchEnding.ReachedTo, 100, true), (end.Result.Ending, end.Result.Holds, end.Result.Confirmed));
        Assert.InRange(_steering.State.FinishedAt!.Value, end.At, end.At + TimeSpan.FromSeconds(1));
        var told = _told.Count;
        Pass(seconds: 10);
        _driver.Cut(TimeSpan.FromSeconds(70), SearchEnding.TimeRanOut);
        Assert.Equal(told, _told.Count);
    }

    [Fact]
    public void A_search_that_is_cut_ends_with_what_it_knew()
    {
        Pass(seconds: 9);
        _driver.Cut(TimeSpan.FromSeconds(9), SearchEnding.Stopped);
        Pass(seconds: 20);

        var result = Assert.Single(_told.OfType<TimelineEvent.SearchEnded>()).Result;
        Assert.Equal((SearchEnding.Stopped, 50), (result.Ending, result.Holds));
        Assert.Single(_told.OfType<TimelineEvent.SearchPlateauEnded>());
    }

    private void Pass(int seconds, double milliseconds = 10, int inFlight = 0, double late = 0.02)
    {
        for (var i = 0; i < seconds; i++)
        {
            var interval = new Interval(0, _second, 1) { InFlight = inFlight };
            var r = interval.Requests[0];
            r.Asked = r.Ok = 50;
            r.ResponseTime.Record(TimeSpan.FromMilliseconds(milliseconds), 50);
            _second++;
            _time.Advance(TimeSpan.FromSeconds(_second) + TimeSpan.FromMilliseconds(20) - _clock.Now);
            _driver.Take(interval, new GeneratorSample
            {
                At = TimeSpan.FromSeconds(_second),
                Cpu = 0.1,
                BusiestLane = 0.1,
                LateP50 = TimeSpan.FromMilliseconds(late),
                LateP99 = TimeSpan.FromMilliseconds(late),
                Memory = 0,
            }, []);
        }
    }
}
