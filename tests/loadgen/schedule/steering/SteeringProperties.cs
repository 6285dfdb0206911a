using FsCheck;
using FsCheck.Fluent;

namespace Pressure.LoadGen.Tests.Steering;

public sealed class SteeringProperties
{
    private static readonly Gen<Rate> Rates =
        from count in Gen.Frequency((1, Gen.Constant(0m)), (5, Gen.Choose(1, 20_000).Select(c => c / 100m)))
        from per in Gen.Elements(1_000, 950, 60_000)
        select new Rate(count, TimeSpan.FromMilliseconds(per));

    private static readonly Gen<Stage> Stages =
        from milliseconds in Gen.Choose(1, 40_000)
        from before in Rates
        from after in Gen.OneOf(Rates, Gen.Constant(before))
        select new Stage(before, after, TimeSpan.FromMilliseconds(milliseconds));

    private static readonly Gen<SteeringChange> Changes = Gen.Frequency(
        (3, Rates.Select(r => (SteeringChange)new SteeringChange.ToRate(r))),
        (3, Gen.Choose(0, 300).Select(percent => (SteeringChange)new SteeringChange.ToFactor(percent / 100m))),
        (1, Gen.Constant((SteeringChange)new SteeringChange.ToPlan())),
        (3, Gen.Constant((SteeringChange)new SteeringChange.Pause())),
        (3, Gen.Constant((SteeringChange)new SteeringChange.Resume())));

    private static readonly Gen<Step> Steps =
        from after in Gen.Frequency((1, Gen.Constant(0L)), (6, Gen.Choose(0, 150_000_000).Select(t => (long)t)))
        from change in Changes
        select new Step(TimeSpan.FromTicks(after), change);

    private static readonly Arbitrary<Case> Cases = (
        from stages in Stages.ListOf().Where(s => s.Count is > 0 and <= 5)
        from steps in Steps.ListOf().Where(s => s.Count <= 8)
        from lanes in Gen.Choose(1, 4)
        from arrivals in Gen.Elements(Arrivals.Uniform, Arrivals.Poisson)
        from seed in Gen.Choose(0, 1_000)
        select new Case([.. stages], [.. steps], lanes, arrivals, seed)).ToArbitrary();

    [Fact]
    public void Lanes_share_the_starts_of_a_steered_load_each_one_once_and_in_order() =>
        Prop.ForAll(Cases, one =>
        {
            var run = one.Run();
            var numbers = run.All.Select(s => s.Number).Order().ToList();
            return numbers.SequenceEqual(Enumerable.Range(0, numbers.Count).Select(n => (long)n))
                && run.Taken.Select((taken, lane) => taken.All(s => s.Number % one.Lanes == lane)).All(holds => holds)
                && run.All.OrderBy(s => s.Number).Select(s => s.Due).ToList() is var dues && dues.SequenceEqual(dues.Order())
                && dues.TrueForAll(due => due >= TimeSpan.Zero && due < one.Duration);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Starts_follow_the_integral_of_the_steered_rate() =>
        Prop.ForAll(Cases, one =>
        {
            var run = (one with { Arrivals = Arrivals.Uniform }).Run();
            var dues = run.All.Select(s => s.Due).Order().ToList();
            // A load that begins at zero makes no start at N = 0.
            var first = one.Stages[0].From.Count > 0 ? 0 : 1;
            return Enumerable.Range(0, 200).Select(i => one.Duration * (i / 199.0)).All(time =>
                Math.Abs(dues.Count(due => due < time) + first - 0.5 - Integral(one.Stages, run.Made, time)) <= 0.5 + 1e-3);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_starts_during_a_pause() =>
        Prop.ForAll(Cases, one =>
        {
            var run = one.Run();
            return Pauses(run.Made, one.Duration).All(pause => !run.All.Any(s => s.Due >= pause.From && s.Due < pause.To));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_lies_before_a_change_stays_as_it_was() =>
        Prop.ForAll(Cases, one =>
        {
            var run = one.Run();
            var planned = (one with { Steps = [] }).Run();
            var until = run.Made.Count == 0 ? one.Duration : run.Made[0].At;
            return Before(run).SequenceEqual(Before(planned));

            List<(long, TimeSpan)> Before(SteeredRun of) => [.. of.All.Where(s => s.Due < until).Select(s => (s.Number, s.Due)).Order()];
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Poisson_arrivals_have_the_steered_rate_as_their_mean()
    {
        var stages = new[] { new Stage(new(100, TimeSpan.FromSeconds(1)), new(100, TimeSpan.FromSeconds(1)), TimeSpan.FromSeconds(300)) };
        Step[] steps = [new(TimeSpan.FromSeconds(100), new SteeringChange.ToFactor(3)), new(TimeSpan.FromSeconds(100), new SteeringChange.ToRate(new(30_000, TimeSpan.FromMinutes(1))))];

        var run = new Case([.. stages], [.. steps], 2, Arrivals.Poisson, 7).Run();

        // Within five standard deviations.
        Assert.InRange(run.All.Count(s => s.Due < run.Made[0].At), 10_025 - 500, 10_025 + 500);
        Assert.InRange(run.All.Count(s => s.Due >= run.Made[0].At && s.Due < run.Made[1].At), 30_000 - 866, 30_000 + 866);
        Assert.InRange(run.All.Count(s => s.Due >= run.Made[1].At), 49_875 - 1_118, 49_875 + 1_118);
    }

    /// <summary>N(t) by its definition: the rate of every moment, added up.</summary>
    private static double Integral(IReadOnlyList<Stage> stages, IReadOnlyList<(TimeSpan At, SteeringChange Change)> made, TimeSpan until)
    {
        var starts = new List<TimeSpan> { TimeSpan.Zero };
        stages.ToList().ForEach(s => starts.Add(starts[^1] + s.Over));
        var cuts = starts.Concat(made.Select(m => m.At)).Append(until).Where(t => t <= until).Distinct().Order().ToList();
        var sum = 0.0;
        for (var i = 0; i + 1 < cuts.Count; i++)
        {
            var (from, to) = (cuts[i], cuts[i + 1]);
            var state = made.Where(m => m.At <= from).Aggregate(SteeringState.Planned, (s, m) => s.After(m.Change, m.At));
            var stage = Math.Min(starts.FindLastIndex(t => t <= from), stages.Count - 1);
            var planned = (PlannedAt(from) + PlannedAt(to)) / 2;
            sum += (to - from).TotalSeconds * (state switch
            {
                { IsPaused: true } => 0,
                { Level: SteeringChange.ToRate level } => level.Rate.PerSecond,
                { Level: SteeringChange.ToFactor level } => planned * (double)level.Factor,
                _ => planned,
            });

            double PlannedAt(TimeSpan t) => stages[stage].From.PerSecond + ((stages[stage].To.PerSecond - stages[stage].From.PerSecond) * ((t - starts[stage]) / stages[stage].Over));
        }
        return sum;
    }

    private static IEnumerable<(TimeSpan From, TimeSpan To)> Pauses(List<(TimeSpan At, SteeringChange Change)> made, TimeSpan end)
    {
        var state = SteeringState.Planned;
        for (var i = 0; i < made.Count; i++)
        {
            state = state.After(made[i].Change, made[i].At);
            if (state.IsPaused)
                yield return (made[i].At, i + 1 < made.Count ? made[i + 1].At : end);
        }
    }

    private sealed record Case(IReadOnlyList<Stage> Stages, IReadOnlyList<Step> Steps, int Lanes, Arrivals Arrivals, int Seed)
    {
        public TimeSpan Duration => TimeSpan.FromTicks(Stages.Sum(s => s.Over.Ticks));

        public SteeredRun Run()
        {
            var plan = Plans.Read(Plans.With("rate: 1/s, duration: 1s")) with { Load = new Load.Staged(Stages), Duration = Duration, Arrivals = Arrivals, Seed = Seed };
            return SteeredRun.Of(Workload.Of(plan), Lanes, Steps);
        }
    }
}
