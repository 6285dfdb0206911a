namespace Pressure.LoadGen.Tests;

public sealed class PoissonScheduleTests
{
    [Fact]
    public void Counts_per_second_have_the_asked_rate_as_mean_and_as_variance()
    {
        const int Seconds = 1_000;
        const double Rate = 200;
        var starts = StartsOf(Schedule.Create([Flat(200, Seconds)], Arrivals.Poisson, 42));

        var counts = new double[Seconds];
        foreach (var start in starts)
            counts[(int)start.TotalSeconds]++;
        var mean = counts.Average();
        var variance = counts.Sum(c => (c - mean) * (c - mean)) / (Seconds - 1);

        // Standard errors: of the mean sqrt(rate / n); of the variance sqrt((2 rate^2 + rate) / n).
        Assert.Equal(Rate, mean, 4 * Math.Sqrt(Rate / Seconds));
        Assert.Equal(Rate, variance, 4 * Math.Sqrt(((2 * Rate * Rate) + Rate) / Seconds));
    }

    [Fact]
    public void Gaps_are_exponential()
    {
        var starts = StartsOf(Schedule.Create([Flat(100, 1_000)], Arrivals.Poisson, 5));
        var gaps = starts.Zip(starts.Skip(1), (a, b) => (b - a).TotalSeconds).ToList();

        // The share of gaps longer than x / rate is e^-x.
        Assert.All([0.1, 0.5, 1, 2, 3, 5], x =>
        {
            var expected = Math.Exp(-x);
            var share = gaps.Count(g => g > x / 100) / (double)gaps.Count;
            Assert.Equal(expected, share, 4 * Math.Sqrt(expected * (1 - expected) / gaps.Count));
        });
    }

    [Fact]
    public void Few_starts_lie_evenly_over_their_time()
    {
        var starts = Enumerable.Range(1, 5_000).SelectMany(seed => StartsOf(Schedule.Create([Flat(2, 1)], Arrivals.Poisson, seed))).ToList();

        // Uniform on [0, 1): mean 1/2, variance 1/12.
        Assert.Equal(0.5, starts.Average(s => s.TotalSeconds), 4 * Math.Sqrt(1 / 12.0 / starts.Count));
        Assert.Equal(1 / 12.0, starts.Average(s => Math.Pow(s.TotalSeconds - 0.5, 2)), 4 * Math.Sqrt(1 / 180.0 / starts.Count));
    }

    [Fact]
    public void The_rate_follows_the_ramp()
    {
        var starts = StartsOf(Schedule.Create([new(PerSecond(0), PerSecond(1_000), TimeSpan.FromSeconds(100))], Arrivals.Poisson, 3));

        // A quarter of a ramp's starts lie in its first half.
        Assert.Equal(12_500, starts.Count(s => s.TotalSeconds < 50), 4 * Math.Sqrt(12_500));
        Assert.Equal(50_000, starts.Count, 4 * Math.Sqrt(50_000));
    }

    [Fact]
    public void The_same_seed_gives_the_same_starts_and_another_seed_others()
    {
        var (one, same, other) = (Of(1), Of(1), Of(2));

        Assert.Equal(one, same);
        Assert.NotEqual(one, other);

        static List<TimeSpan> Of(int seed) => StartsOf(Schedule.Create([Flat(10, 60)], Arrivals.Poisson, seed));
    }

    [Fact]
    public void A_cursor_gives_what_the_schedule_gives_in_any_order()
    {
        var schedule = Schedule.Create([Flat(1_000, 10)], Arrivals.Poisson, 9);
        var cursor = schedule.OpenCursor();

        foreach (var n in new long[] { 0, 0, 7, 3, 4, 5_000, 5_003, 5_002, 255, 256, 257, schedule.Count - 1, 0 })
            Assert.Equal(schedule.IntendedStart(n), cursor.IntendedStart(n));
    }

    [Fact]
    public void Lanes_with_cursors_of_their_own_share_the_starts_out()
    {
        var schedule = Schedule.Create([Flat(500, 10)], Arrivals.Poisson, 9);
        var starts = new TimeSpan[schedule.Count];

        Parallel.For(0, 3, lane =>
        {
            var cursor = schedule.OpenCursor();
            for (long n = lane; n < schedule.Count; n += 3)
                starts[n] = cursor.IntendedStart(n);
        });

        Assert.Equal(StartsOf(schedule), starts);
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.3)]
    [InlineData(4)]
    [InlineData(256)]
    [InlineData(65_536)]
    public void Counts_have_their_mean_as_variance(double mean)
    {
        const int Samples = 20_000;
        var table = new PoissonCounts(mean);
        var counts = Enumerable.Range(0, Samples).Select(i => (double)table.Quantile(SeededUniform.At(1, 0, i))).ToList();

        var average = counts.Average();
        var variance = counts.Sum(c => (c - average) * (c - average)) / (Samples - 1);

        Assert.Equal(mean, average, 4 * Math.Sqrt(mean / Samples));
        Assert.Equal(mean, variance, 4 * Math.Sqrt(((2 * mean * mean) + mean) / Samples));
    }

    [Fact]
    public void Nothing_comes_of_silence() => Assert.Equal(0, Schedule.Create([Flat(0, 10)], Arrivals.Poisson, 1).Count);

    [Fact]
    public void Twelve_hours_at_a_hundred_thousand_a_second_are_ready_at_once()
    {
        var schedule = Schedule.Create([Flat(100_000, 43_200)], Arrivals.Poisson, 1);

        Assert.Equal(4.32e9, schedule.Count, 4 * Math.Sqrt(4.32e9));
        Assert.InRange(schedule.IntendedStart(schedule.Count / 2).TotalHours, 5.99, 6.01);
    }

    private static List<TimeSpan> StartsOf(Schedule schedule)
    {
        var cursor = schedule.OpenCursor();
        return [.. Enumerable.Range(0, (int)schedule.Count).Select(n => cursor.IntendedStart(n))];
    }

    private static Stage Flat(decimal perSecond, double seconds) => new(PerSecond(perSecond), PerSecond(perSecond), TimeSpan.FromSeconds(seconds));

    private static Rate PerSecond(decimal count) => new(count, TimeSpan.FromSeconds(1));
}
