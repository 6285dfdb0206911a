using Pressure.LoadGen.Engine;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Steering;

public sealed class SteeringTests
{
    private static readonly SteeringChange Pause = new SteeringChange.Pause();
    private static readonly SteeringChange Resume = new SteeringChange.Resume();

    [Fact]
    public void A_rate_that_was_doubled_starts_twice_as_many_from_then_on()
    {
        // Made at 1 s, so it holds from 1.25 s on: 125 starts of the plan, then 200/s for 1.75 s.
        var run = Run("rate: 100/s, duration: 3s", lanes: 2, (1, Rate(200)));

        Assert.Equal([TimeSpan.FromSeconds(1.25)], run.Made.Select(m => m.At));
        Assert.Equal(125, run.All.Count(s => s.Due < TimeSpan.FromSeconds(1.25)));
        Assert.Equal(475, run.All.Count());
        Assert.Equal(TimeSpan.FromMilliseconds(5), run.All.Where(s => s.Number is 200 or 201).Select(s => s.Due).OrderDescending().Aggregate((later, earlier) => later - earlier));
    }

    [Fact]
    public void A_pause_takes_its_part_of_the_plan_away_and_the_load_still_ends_on_time()
    {
        var run = Run("rate: 100/s, duration: 4s", lanes: 3, (0.75, Pause), (1, Resume));

        Assert.Equal(300, run.All.Count());
        Assert.DoesNotContain(run.All, s => s.Due >= TimeSpan.FromSeconds(1) && s.Due < TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(3.99), run.All.Max(s => s.Due));
    }

    [Fact]
    public void A_rate_set_during_a_pause_holds_after_it()
    {
        var run = Run("rate: 100/s, duration: 4s", lanes: 2, (0.75, Pause), (0.5, Rate(10)), (0.5, Resume));

        Assert.Equal(100 + 20, run.All.Count());
    }

    [Fact]
    public void A_factor_follows_the_plans_stages_and_the_plan_may_come_back()
    {
        var run = Run("stages: [ { rate: 100/s, over: 2s }, { rate: 200/s, over: 2s }, { rate: 50/s, over: 2s } ]", lanes: 2,
            (0.75, new SteeringChange.ToFactor(1.5m)), (2, new SteeringChange.ToPlan()));

        Assert.Equal([100, 150, 300, 200, 50, 50], Enumerable.Range(0, 6).Select(second => run.All.Count(s => (int)s.Due.TotalSeconds == second)));
    }

    [Fact]
    public void Scenarios_with_rates_of_their_own_keep_their_proportions_and_their_numbers_apart()
    {
        var plan = Plans.Read("""
            name: rates
            target: http://127.0.0.1:5080
            load: { duration: 4s }
            scenarios:
              - { name: a, rate: 60/s, steps: [ { get: /a } ] }
              - { name: b, rate: 40/s, steps: [ { get: /b }, { get: /c } ] }
            """);
        var run = SteeredRun.Of(Workload.Of(plan), 2, [new(TimeSpan.FromSeconds(0.75), Rate(1_000))]);

        // 60 and 20 starts in the first second, then ten times as many, three of them.
        Assert.Equal(80 + 2_400, run.All.Count());
        Assert.Equal(80 + 2_400, run.All.Select(s => s.Number).Distinct().Count());
        Assert.Equal([60 + 1_800, 20 + 600], run.All.GroupBy(s => s.Script).Select(g => g.Count()).OrderDescending());
    }

    [Fact]
    public void The_load_ends_where_it_is_finished()
    {
        var run = Run("rate: 100/s, duration: 60s", lanes: 2, (0.75, new SteeringChange.Finish()), (1, Rate(500)));

        Assert.Equal(100, run.All.Count());
        Assert.Equal(TimeSpan.FromSeconds(1), run.Steering.State.FinishedAt);
        Assert.Equal(SteeringRefusal.Over, run.Steering.Apply(Resume).Refusal);
    }

    [Fact]
    public void What_is_so_already_changes_nothing()
    {
        var steering = new SteeredRun(Workload.Of(Plans.Read(Plans.With("rate: 100/s, duration: 60s"))), 1).Steering;

        Assert.False(steering.Apply(Resume).Changed);
        Assert.False(steering.Apply(new SteeringChange.ToFactor(1)).Changed);
        Assert.True(steering.Apply(Pause).Changed);
        Assert.True(steering.Apply(Pause) is { IsAccepted: true, Changed: false });
    }

    [Theory]
    [InlineData("users: 10, duration: 9s", "rate", SteeringRefusal.UsersHaveNoRate)]
    [InlineData("users: 10, duration: 9s", "factor", SteeringRefusal.UsersHaveNoRate)]
    [InlineData("rate: 10/s, duration: 9s", "users", SteeringRefusal.RateHasNoUsers)]
    [InlineData("users: 10, duration: 9s", "too many users", SteeringRefusal.UsersOutOfRange)]
    [InlineData("rate: 10/s, duration: 9s", "too high", SteeringRefusal.RateOutOfRange)]
    [InlineData("rate: 10/s, duration: 9s", "below zero", SteeringRefusal.RateOutOfRange)]
    [InlineData("stages: [ { rate: 10/s -> 9000000/s, over: 2s } ]", "factor", SteeringRefusal.RateOutOfRange)]
    [InlineData("rate: 10/s, duration: 2h", "high", SteeringRefusal.TooManyRequests)]
    [InlineData("rate: 10/s, duration: 200ms", "pause", SteeringRefusal.Over)]
    public void A_change_that_the_load_does_not_allow_is_refused_with_its_reason(string load, string change, SteeringRefusal why)
    {
        var steering = new SteeredRun(Workload.Of(Plans.Read(Plans.With(load))), 1).Steering;

        var result = steering.Apply(change switch
        {
            "rate" => (SteeringChange)Rate(5),
            "too high" => Rate(10_000_001),
            "high" => Rate(9_000_000),
            "below zero" => Rate(-1),
            "factor" => new SteeringChange.ToFactor(2),
            "users" => new SteeringChange.ToUsers(5),
            "too many users" => new SteeringChange.ToUsers(60_001),
            _ => Pause,
        });

        Assert.Equal((why, SteeringState.Planned), (result.Refusal, steering.State));
    }

    [Fact]
    public void After_very_many_changes_only_the_end_is_accepted()
    {
        var steering = new SteeredRun(Workload.Of(Plans.Read(Plans.With("users: 1, duration: 9s"))), 1).Steering;
        for (var i = 0; i < LoadGen.Steering.MostChanges; i++)
            Assert.True(steering.Apply(new SteeringChange.ToUsers(i)).Changed);

        Assert.Equal(SteeringRefusal.TooManyChanges, steering.Apply(Pause).Refusal);
        Assert.True(steering.Apply(new SteeringChange.Finish()).Changed);
    }

    [Fact]
    public void What_a_late_lane_has_counted_as_asked_it_also_starts()
    {
        var time = new FakeTime();
        var workload = Workload.Of(Plans.Read(Plans.With("rate: 100/s, duration: 10s")));
        var steering = new LoadGen.Steering(workload, new RunClock(time));
        var script = new ScenarioScript([default]);
        var starts = LaneStarts.Create(workload, WorkShare.Whole, [script], 0, 1);
        steering.Apply(Pause);

        // The lane was held up: it hears of the pause at 3 s, when the second up to there is closed with all that had been due in it.
        starts.CountAskedBefore(TimeSpan.FromSeconds(3), new LaneBook(0, 0, new SecondMerger(1, 0)));
        starts.Follow(steering.Current!, TimeSpan.FromSeconds(3));
        var taken = new List<Start>();
        while (starts.NextDue <= TimeSpan.FromSeconds(3))
            taken.Add(starts.Take());

        Assert.Equal((300, 300), (taken.Count, taken.Count(s => s.AlreadyAsked)));
        Assert.Equal(TimeSpan.MaxValue, starts.NextDue);
        Assert.False(starts.IsExhausted(TimeSpan.FromSeconds(9.9)));
        Assert.True(starts.IsExhausted(TimeSpan.FromSeconds(10)));
    }

    private static SteeringChange.ToRate Rate(decimal perSecond) => new SteeringChange.ToRate(new(perSecond, TimeSpan.FromSeconds(1)));

    private static SteeredRun Run(string load, int lanes, params (double After, SteeringChange Change)[] steps) => SteeredRun.Of(
        Workload.Of(Plans.Read(Plans.With(load))), lanes, steps.Select(s => new Step(TimeSpan.FromSeconds(s.After), s.Change)));
}
