using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.LoadGen.Tests;

public sealed class ScheduleProperties
{
    // Rates of odd counts per odd times, zero among them; stages of odd lengths, as many ramps as plateaus.
    private static readonly Gen<Rate> Rates =
        from count in Gen.Frequency((1, Gen.Constant(0m)), (5, Gen.Choose(1, 99_999).Select(c => c / 100m)))
        from per in Gen.Elements(1, 950, 1_000, 60_000, 3_600_000)
        select new Rate(count, TimeSpan.FromMilliseconds(per));

    private static readonly Gen<Stage> Stages =
        from milliseconds in Gen.Choose(1, 90_000)
        from before in Rates
        from after in Gen.OneOf(Rates, Gen.Constant(before))
        select new Stage(before, after, TimeSpan.FromMilliseconds(milliseconds));

    private static readonly Arbitrary<List<Stage>> Loads = Stages.ListOf().Where(s => s.Count is > 0 and <= 6).Select(s => s.ToList()).ToArbitrary();

    [Fact]
    public void Starts_never_go_back_and_lie_within_the_load() =>
        Prop.ForAll(Loads, Arb.From(Gen.Elements(Arrivals.Uniform, Arrivals.Poisson)), (stages, arrivals) =>
        {
            var schedule = Schedule.Create(stages, arrivals, 1);
            var starts = Sample(schedule).Select(schedule.IntendedStart).ToList();
            return starts.Zip(starts.Skip(1)).All(p => p.First <= p.Second) && starts.TrueForAll(s => s >= TimeSpan.Zero && s < schedule.Duration);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Each_start_is_the_last_tick_before_the_integral_passes_its_number() =>
        Prop.ForAll(Loads, stages =>
        {
            var schedule = Schedule.Create(stages, Arrivals.Uniform, 1);
            var first = stages[0].From.Count > 0 ? 0 : 1;
            return Sample(schedule).All(n =>
            {
                var tick = schedule.IntendedStart(n).Ticks;
                // On a silent stretch the first tick counts, so the integral may stay there.
                return Integral(stages, tick) <= n + first && (Integral(stages, tick + 1) > n + first || Integral(stages, tick) == n + first);
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_count_is_the_integral_over_the_load() =>
        Prop.ForAll(Loads, stages =>
        {
            var total = Integral(stages, stages.Sum(s => s.Over.Ticks));
            var starts = Schedule.Create(stages, Arrivals.Uniform, 1).Count + (stages[0].From.Count > 0 ? 0 : 1);
            // Starts 0, 1, ... below the total; a whole total that is reached before a closing silence counts too.
            return total == 0 ? starts <= 1 : starts >= total && starts <= total + 1;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Starts_of_several_requests_come_that_much_slower()
    {
        var stages = new[] { new Stage(new(100, TimeSpan.FromSeconds(1)), new(100, TimeSpan.FromSeconds(1)), TimeSpan.FromSeconds(30)) };

        var schedule = Schedule.Create(stages, new Fraction(10, 3), Arrivals.Uniform, 1);

        Assert.Equal(900, schedule.Count);
        Assert.Equal(TimeSpan.FromSeconds(1), schedule.IntendedStart(30));
    }

    [Fact]
    public void Rates_beyond_128_bits_are_rounded_not_refused()
    {
        var odd = new Rate(3.1415926535897932384626m, TimeSpan.FromTicks(12_345_677));
        var odder = new Rate(2718.2818284590452353602m, TimeSpan.FromTicks(9_999_991));

        var schedule = Schedule.Create([new(odd, odder, TimeSpan.FromDays(30))], Arrivals.Uniform, 1);

        Assert.Equal((odd.PerSecond + odder.PerSecond) / 2 * 30 * 86_400, schedule.Count, 2.0);
        Assert.True(schedule.IntendedStart(schedule.Count - 1) < TimeSpan.FromDays(30));
    }

    [Theory]
    [InlineData(Arrivals.Uniform)]
    [InlineData(Arrivals.Poisson)]
    public void Asking_for_starts_allocates_nothing(Arrivals arrivals)
    {
        var rates = (Slow: new Rate(7, TimeSpan.FromMilliseconds(950)), Fast: new Rate(100_000, TimeSpan.FromSeconds(1)));
        var schedule = Schedule.Create([new(rates.Slow, rates.Fast, TimeSpan.FromHours(12))], arrivals, 1);
        var cursor = schedule.OpenCursor();

        // The best of several rounds: compilation in the background may allocate on this thread.
        var least = Enumerable.Range(0, 5).Min(round =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var n = round * 1_000; n < (round + 1) * 1_000; n++)
                _ = cursor.IntendedStart(n) + schedule.IntendedStart(n);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });

        Assert.Equal(0, least);
    }

    private static IEnumerable<long> Sample(Schedule schedule)
    {
        var step = Math.Max(1, schedule.Count / 500);
        for (var n = 0L; n < schedule.Count; n += step)
            yield return n;
        if (schedule.Count > 0)
            yield return schedule.Count - 1;
    }

    /// <summary>N(t) by its definition, as an exact fraction.</summary>
    private static Exact Integral(IEnumerable<Stage> stages, long tick)
    {
        var sum = new Exact(0, 1);
        foreach (var stage in stages)
        {
            var t = Math.Clamp(tick, 0, stage.Over.Ticks);
            var (from, to) = (PerTick(stage.From), PerTick(stage.To));
            sum = sum + (from * t) + ((to + (from * -1)) * t * t * new Exact(1, 2 * (BigInteger)stage.Over.Ticks));
            tick -= stage.Over.Ticks;
        }
        return sum;
    }

    private static Exact PerTick(Rate rate) => new((BigInteger)(rate.Count * 100), (BigInteger)rate.Per.Ticks * 100);

    private readonly record struct Exact(BigInteger Top, BigInteger Bottom) : IComparable<Exact>
    {
        public static implicit operator Exact(long value) => new(value, 1);

        public static Exact operator +(Exact a, Exact b) => new((a.Top * b.Bottom) + (b.Top * a.Bottom), a.Bottom * b.Bottom);

        public static Exact operator *(Exact a, Exact b) => new(a.Top * b.Top, a.Bottom * b.Bottom);

        public static bool operator <=(Exact a, Exact b) => a.CompareTo(b) <= 0;

        public static bool operator >=(Exact a, Exact b) => a.CompareTo(b) >= 0;

        public static bool operator <(Exact a, Exact b) => a.CompareTo(b) < 0;

        public static bool operator >(Exact a, Exact b) => a.CompareTo(b) > 0;

        public bool Equals(Exact other) => CompareTo(other) == 0;

        public override int GetHashCode() => 0;

        public int CompareTo(Exact other) => (Top * other.Bottom).CompareTo(other.Top * Bottom);
    }
}
