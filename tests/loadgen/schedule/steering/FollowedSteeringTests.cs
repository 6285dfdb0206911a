using FsCheck;
using FsCheck.Fluent;
using Pressure.LoadGen.Engine;
using Pressure.LoadGen.Tests.Share;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Steering;

public sealed class FollowedSteeringTests
{
    private static readonly Gen<(TimeSpan After, SteeringChange Change)> Changes =
        from after in Gen.Choose(0, 2_500)
        from change in Gen.Frequency(
            (3, Gen.Choose(0, 3_000).Select(c => (SteeringChange)new SteeringChange.ToRate(new(c / 10m, TimeSpan.FromSeconds(1))))),
            (3, Gen.Choose(0, 300).Select(p => (SteeringChange)new SteeringChange.ToFactor(p / 100m))),
            (3, Gen.Elements<SteeringChange>(new SteeringChange.Pause(), new SteeringChange.Resume(), new SteeringChange.ToPlan())),
            (1, Gen.Constant((SteeringChange)new SteeringChange.Finish())))
        select (TimeSpan.FromMilliseconds(after), change);

    private static readonly Arbitrary<Case> Cases = (
        from arrivals in Gen.Elements("uniform", "poisson")
        from changes in Changes.ListOf().Where(c => c.Count <= 6)
        from weights in Gen.Choose(1, 9).Select(w => (decimal)w).ListOf().Where(w => w.Count is > 0 and <= 6)
        from begin in Gen.Choose(0, 10)
        select new Case($"stages: [ {{ rate: 5/s -> 200/s, over: 5s }}, {{ rate: 90/s, over: 5s }} ], arrivals: {arrivals}", [.. changes], [.. weights], TimeSpan.FromSeconds(begin))).ToArbitrary();

    [Fact]
    public void Processes_that_follow_the_same_changes_make_the_shares_of_one_schedule() =>
        Prop.ForAll(Cases, one =>
        {
            var (leader, orders) = Lead(one);
            var whole = Shown(SharedStartsTests.Of(one.Workload, WorkShare.Whole, 1, leader));
            var split = new ShareSplit(one.Weights);
            var shares = Enumerable.Range(0, split.Count).SelectMany(i =>
            {
                // Some are told at once, some late: by then the clock is beyond the moments of all changes.
                var follower = Follow(one.Workload, orders, late: i % 2 == 1);
                var first = SharedStartsTests.Of(one.Workload, new(split, i), i % 4 + 1, follower).Where(s => s.Due < one.Begin);
                var rest = SharedStartsTests.Of(one.Workload, new(split, i) { From = one.Begin }, 2, Follow(one.Workload, orders, late: true));
                return first.Concat(rest);
            });
            return Shown(shares).SequenceEqual(whole);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_follower_refuses_what_the_leader_refuses()
    {
        var workload = Workload.Of(Plans.Read(Plans.With("rate: 10/s, duration: 10s")));
        var steering = new LoadGen.Steering(workload, new RunClock(new FakeTime()));

        Assert.Equal(SteeringRefusal.RateHasNoUsers, steering.Follow(TimeSpan.FromSeconds(1), new SteeringChange.ToUsers(5)).Refusal);
        Assert.Equal(SteeringRefusal.Over, steering.Follow(TimeSpan.FromSeconds(10), new SteeringChange.Pause()).Refusal);
        Assert.Equal(new(SteeringRefusal.None, TimeSpan.FromSeconds(4), Changed: true), steering.Follow(TimeSpan.FromSeconds(4), new SteeringChange.Pause()));
        Assert.False(steering.Follow(TimeSpan.FromSeconds(5), new SteeringChange.Pause()).Changed);
        // Never before the change before it.
        Assert.Equal(TimeSpan.FromSeconds(4), steering.Follow(TimeSpan.FromSeconds(3), new SteeringChange.Resume()).At);
    }

    [Fact]
    public void Users_follow_changes_too()
    {
        var workload = Workload.Of(Plans.Read(Plans.With("users: 10, duration: 10s")));
        var steering = new LoadGen.Steering(workload, new RunClock(new FakeTime()));
        steering.Follow(TimeSpan.FromSeconds(2), new SteeringChange.Pause());
        steering.Follow(TimeSpan.FromSeconds(4), new SteeringChange.Resume());
        steering.Follow(TimeSpan.FromSeconds(4), new SteeringChange.ToUsers(14));

        // One that takes over within the pause begins when it is over.
        var share = new WorkShare(new([1, 1]), 0) { From = TimeSpan.FromSeconds(3) };
        var starts = LaneStarts.Create(workload, share, [new ScenarioScript([default])], 0, 1);
        starts.Follow(steering.Current!, TimeSpan.FromSeconds(3));
        var begun = new List<Start>();
        while (starts.NextDue < TimeSpan.FromSeconds(10))
            begun.Add(starts.Take());

        Assert.Equal(Enumerable.Range(0, 14).Where(u => share.Split.ShareOf(u) == 0), begun.Select(s => s.User!.Number).Order());
        Assert.All(begun, s => Assert.Equal(TimeSpan.FromSeconds(4), s.Due));
    }

    private static (LoadGen.Steering Leader, List<(TimeSpan At, string Change)> Orders) Lead(Case one)
    {
        var time = new FakeTime();
        var leader = new LoadGen.Steering(one.Workload, new RunClock(time), notice: TimeSpan.FromSeconds(1));
        var orders = new List<(TimeSpan, string)>();
        foreach (var (after, change) in one.Changes)
        {
            time.Advance(after);
            if (leader.Apply(change) is { Changed: true } made)
                orders.Add((made.At, SteeringText.Write(change)));
        }

        return (leader, orders);
    }

    private static LoadGen.Steering Follow(Workload workload, List<(TimeSpan At, string Change)> orders, bool late)
    {
        var time = new FakeTime();
        var follower = new LoadGen.Steering(workload, new RunClock(time));
        if (late)
            time.Advance(TimeSpan.FromSeconds(20));
        foreach (var (at, change) in orders)
            Assert.Equal((SteeringRefusal.None, at), (follower.Follow(at, SteeringText.Parse(change).Change!) is var made ? made.Refusal : default, made.At));
        return follower;
    }

    private static List<(long, TimeSpan)> Shown(IEnumerable<Start> starts) => [.. starts.Select(s => (s.Number, s.Due)).Order()];

    private sealed record Case(string Load, IReadOnlyList<(TimeSpan After, SteeringChange Change)> Changes, IReadOnlyList<decimal> Weights, TimeSpan Begin)
    {
        public Workload Workload { get; } = Workload.Of(Plans.Read(Plans.With(Load)));
    }
}
