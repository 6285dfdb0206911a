namespace Pressure.LoadGen.Tests;

public sealed class UniformScheduleTests
{
    [Fact]
    public void Fifty_a_second_gives_exactly_fifty_in_each_second()
    {
        var starts = StartsOf(Flat(50, 5));

        Assert.Equal(250, starts.Count);
        Assert.All(Enumerable.Range(0, 5), second => Assert.Equal(50, starts.Count(s => (int)s.TotalSeconds == second)));
    }

    [Fact]
    public void A_ramp_up_a_plateau_and_a_ramp_down_start_where_the_integral_is_whole()
    {
        var starts = StartsOf(Ramp(0, 1, 5), Flat(1, 1), Ramp(1, 0, 5));

        Assert.Equal([3162, 4472, 5500, 6527, 7837], starts.Select(s => (int)s.TotalMilliseconds));
    }

    [Fact]
    public void A_ramp_from_zero_starts_at_square_roots()
    {
        var starts = StartsOf(Ramp(0, 4, 4));

        Assert.Equal(["1.4142", "2.0000", "2.4494", "2.8284", "3.1622", "3.4641", "3.7416"], starts.Select(s => (Math.Floor(s.TotalSeconds * 10_000) / 10_000).ToString("F4")));
    }

    [Fact]
    public void A_rate_that_does_not_divide_the_duration_counts_the_start_begun() => Assert.Equal(4, StartsOf(Flat(1.75m, 2)).Count);

    [Fact]
    public void Less_than_one_a_second_starts_every_few_seconds() =>
        Assert.Equal([0, 5, 10, 15], StartsOf(Flat(0.2m, 20)).Select(s => s.TotalSeconds));

    [Fact]
    public void A_count_per_odd_time_is_exact()
    {
        var rate = new Rate(20, TimeSpan.FromMilliseconds(950));

        var starts = StartsOf(new Stage(rate, rate, TimeSpan.FromSeconds(9.5)));

        Assert.Equal(200, starts.Count);
        Assert.Equal(TimeSpan.FromMilliseconds(950), starts[20]);
    }

    [Fact]
    public void Nothing_starts_on_a_plateau_of_zero()
    {
        var starts = StartsOf(Flat(2, 1), Flat(0, 10), Flat(2, 1));

        Assert.Equal([0, 0.5, 1, 11.5], starts.Select(s => s.TotalSeconds));
    }

    [Fact]
    public void A_load_that_begins_with_silence_makes_no_start_0() =>
        Assert.Equal([10.5], StartsOf(Flat(0, 10), Flat(2, 1)).Select(s => s.TotalSeconds));

    [Fact]
    public void Silence_has_no_starts() => Assert.Empty(StartsOf(Flat(0, 10)));

    [Fact]
    public void Twelve_hours_at_a_hundred_thousand_a_second_stay_exact()
    {
        var schedule = Schedule.Create([Flat(100_000, 43_200)], Arrivals.Uniform, 1);

        Assert.Equal(4_320_000_000, schedule.Count);
        Assert.Equal(TimeSpan.FromHours(12) - TimeSpan.FromTicks(100), schedule.IntendedStart(schedule.Count - 1));
    }

    [Fact]
    public void A_ramp_of_twelve_hours_down_to_zero_ends_on_the_right_tick()
    {
        var schedule = Schedule.Create([Ramp(100_000, 0, 43_200)], Arrivals.Uniform, 1);

        // N(D) - 1 = N(D) - s^2 r / (2 D), s seconds before the end: s = sqrt(2 D / r).
        Assert.Equal(2_160_000_000, schedule.Count);
        var before = (TimeSpan.FromHours(12) - schedule.IntendedStart(schedule.Count - 1)).Ticks;
        Assert.Equal((long)Math.Ceiling(Math.Sqrt(2 * 43_200 / 100_000.0) * 1e7), before);
    }

    [Fact]
    public void Numbers_beyond_the_count_are_refused()
    {
        var schedule = Schedule.Create([Flat(10, 1)], Arrivals.Uniform, 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.IntendedStart(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.IntendedStart(-1));
    }

    private static Stage Flat(decimal perSecond, double seconds) => Ramp(perSecond, perSecond, seconds);

    private static Stage Ramp(decimal from, decimal to, double seconds) =>
        new(new(from, TimeSpan.FromSeconds(1)), new(to, TimeSpan.FromSeconds(1)), TimeSpan.FromSeconds(seconds));

    private static List<TimeSpan> StartsOf(params Stage[] stages)
    {
        var schedule = Schedule.Create(stages, Arrivals.Uniform, 1);
        return [.. Enumerable.Range(0, (int)schedule.Count).Select(n => schedule.IntendedStart(n))];
    }
}
