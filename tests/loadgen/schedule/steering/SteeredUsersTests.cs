using Pressure.LoadGen.Engine;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Steering;

public sealed class SteeredUsersTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void Users_that_are_added_begin_at_the_moment_from_which_the_change_holds()
    {
        var (steering, lanes) = Begin("users: 3, duration: 10s", lanes: 2);
        foreach (var lane in lanes)
            TakeAll(lane, TimeSpan.Zero);

        steering.Apply(new SteeringChange.ToUsers(7));
        var added = lanes.SelectMany(lane =>
        {
            lane.Follow(steering.Current!, TimeSpan.Zero);
            return TakeAll(lane, TimeSpan.FromSeconds(1));
        }).ToList();

        Assert.Equal([3, 4, 5, 6], added.Select(s => s.User!.Number).Order());
        Assert.All(added, s => Assert.Equal(TimeSpan.FromSeconds(0.25), s.Due));
    }

    [Fact]
    public void A_user_too_many_finishes_what_is_under_way_and_comes_back_when_wanted_again()
    {
        var (steering, lanes) = Begin("users: 2, duration: 10s", lanes: 1);
        var both = TakeAll(lanes[0], TimeSpan.Zero);
        steering.Apply(new SteeringChange.ToUsers(1));
        lanes[0].Follow(steering.Current!, TimeSpan.Zero);

        foreach (var start in both)
            lanes[0].Return(start, reached: true, TimeSpan.FromSeconds(1));
        var then = TakeAll(lanes[0], TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(2));
        steering.Apply(new SteeringChange.ToPlan());
        lanes[0].Follow(steering.Current!, TimeSpan.FromSeconds(2));
        var again = TakeAll(lanes[0], TimeSpan.FromSeconds(3));

        Assert.Equal(0, Assert.Single(then).User!.Number);
        Assert.Equal((1, TimeSpan.FromSeconds(2.25)), (Assert.Single(again).User!.Number, again[0].Due));
    }

    [Fact]
    public void No_user_begins_during_a_pause_and_all_of_them_after_it()
    {
        var (steering, lanes) = Begin("users: 4, duration: 10s", lanes: 1);
        var first = TakeAll(lanes[0], TimeSpan.Zero);
        steering.Apply(new SteeringChange.Pause());
        lanes[0].Follow(steering.Current!, TimeSpan.Zero);
        foreach (var start in first)
            lanes[0].Return(start, reached: true, TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.MaxValue, lanes[0].NextDue);

        _time.Advance(TimeSpan.FromSeconds(4));
        steering.Apply(new SteeringChange.Resume());
        lanes[0].Follow(steering.Current!, TimeSpan.FromSeconds(4));

        Assert.Equal(Enumerable.Repeat(TimeSpan.FromSeconds(4.25), 4), TakeAll(lanes[0], TimeSpan.FromSeconds(5)).Select(s => s.Due));
    }

    [Fact]
    public void A_user_whose_turn_was_put_off_is_told_so()
    {
        var (steering, lanes) = Begin("users: 1, duration: 10s", lanes: 1);
        var start = TakeAll(lanes[0], TimeSpan.Zero).Single();
        steering.Apply(new SteeringChange.Pause());
        lanes[0].Follow(steering.Current!, TimeSpan.Zero);

        Assert.True(lanes[0].IsStillDue(start));
        Assert.False(lanes[0].IsStillDue(start with { Due = TimeSpan.FromSeconds(1) }));
    }

    [Fact]
    public void The_load_of_users_ends_where_it_is_finished()
    {
        var (steering, lanes) = Begin("users: 2, duration: 10s", lanes: 1);
        var both = TakeAll(lanes[0], TimeSpan.Zero);
        steering.Apply(new SteeringChange.Finish());
        lanes[0].Follow(steering.Current!, TimeSpan.Zero);

        Assert.False(lanes[0].IsExhausted(TimeSpan.FromSeconds(0.2)));
        foreach (var start in both)
            lanes[0].Return(start, reached: true, TimeSpan.FromSeconds(0.25));
        Assert.True(lanes[0].IsExhausted(TimeSpan.FromSeconds(0.25)));
    }

    private (LoadGen.Steering Steering, List<LaneStarts> Lanes) Begin(string load, int lanes)
    {
        var workload = Workload.Of(Plans.Read(Plans.With(load)));
        List<ScenarioScript> scripts = [new([default])];
        return (new(workload, new RunClock(_time)), [.. Enumerable.Range(0, lanes).Select(lane => LaneStarts.Create(workload, WorkShare.Whole, scripts, lane, lanes))]);
    }

    private static List<Start> TakeAll(LaneStarts lane, TimeSpan until)
    {
        var taken = new List<Start>();
        while (lane.NextDue <= until)
            taken.Add(lane.Take());
        return taken;
    }
}
