using static Pressure.Record.Tests.Arrange;

namespace Pressure.Record.Tests;

public sealed class HistogramTests
{
    /// <summary>Every latency from 1 us to 10,000 us once: the answers are known exactly.</summary>
    private static readonly Histogram Ladder = HistogramOf(Enumerable.Range(1, 10_000).Select(i => (long)i));

    [Theory]
    [InlineData(50, 5_000)]
    [InlineData(90, 9_000)]
    [InlineData(99, 9_900)]
    [InlineData(99.9, 9_990)]
    [InlineData(100, 10_000)]
    [InlineData(0.01, 1)]
    [InlineData(0.07 * 100, 700)] // 7.000000000000001
    public void A_percentile_of_a_ladder_of_latencies_is_its_rank_within_a_thousandth(double percent, double micros)
    {
        var percentile = Ladder.Percentile(percent).TotalMicroseconds;

        Assert.InRange(percentile, micros, micros * 1.001);
    }

    [Fact]
    public void The_mean_of_a_ladder_of_latencies_is_its_middle() =>
        Assert.Equal(5_000.5, Ladder.Mean.TotalMicroseconds, 5_000.5 * 0.001);

    [Fact]
    public void Min_is_the_lowest_and_max_the_highest_value_equivalent_to_what_was_recorded()
    {
        // From 8,192 us on a bucket is 8 us wide.
        var histogram = HistogramOf(9_003, 9_990);

        Assert.Equal(Us(9_000), histogram.Min);
        Assert.Equal(Us(9_991), histogram.Max);
        Assert.Equal(histogram.Min, histogram.Percentile(0));
        Assert.Equal(histogram.Max, histogram.Percentile(100));
    }

    [Fact]
    public void An_empty_histogram_answers_zero_and_a_full_share()
    {
        var histogram = new Histogram();

        Assert.Equal(0, histogram.Count);
        Assert.Equal(TimeSpan.Zero, histogram.Min);
        Assert.Equal(TimeSpan.Zero, histogram.Max);
        Assert.Equal(TimeSpan.Zero, histogram.Mean);
        Assert.Equal(TimeSpan.Zero, histogram.Percentile(99));
        Assert.Equal(1, histogram.ShareAtOrBelow(Us(5)));
        Assert.Empty(histogram.Buckets());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(100.1)]
    [InlineData(double.NaN)]
    public void A_percentile_outside_0_to_100_is_refused(double percent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Ladder.Percentile(percent));

    [Fact]
    public void Fractions_of_a_microsecond_are_cut_off()
    {
        var histogram = new Histogram();
        histogram.Record(Us(7.9));

        Assert.Equal([(Us(7), 1L)], histogram.Buckets());
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(-1e12)]
    public void Values_below_one_microsecond_are_kept_as_one_and_counted(double micros)
    {
        var histogram = new Histogram();
        histogram.Record(Us(micros));
        histogram.Record(Us(micros), 2);

        Assert.Equal(3, histogram.Count);
        Assert.Equal(3, histogram.BelowRange);
        Assert.Equal(0, histogram.AboveRange);
        Assert.Equal([(Us(1), 3L)], histogram.Buckets());
    }

    [Fact]
    public void Values_above_one_hour_are_kept_as_one_hour_and_counted()
    {
        var histogram = new Histogram();
        histogram.Record(TimeSpan.FromHours(1) + Us(1));
        histogram.Record(TimeSpan.MaxValue, 2);

        Assert.Equal(3, histogram.Count);
        Assert.Equal(3, histogram.AboveRange);
        Assert.InRange(histogram.Max, TimeSpan.FromHours(1), TimeSpan.FromHours(1.001));
    }

    [Fact]
    public void The_ends_of_the_range_are_within_it()
    {
        var histogram = HistogramOf(Histogram.LowestMicros, Histogram.HighestMicros);

        Assert.Equal(0, histogram.BelowRange);
        Assert.Equal(0, histogram.AboveRange);
    }

    [Fact]
    public void A_share_at_or_below_a_value_counts_its_whole_bucket()
    {
        Assert.Equal(0.5, Ladder.ShareAtOrBelow(Us(5_000)), 0.001);
        Assert.Equal(0, Ladder.ShareAtOrBelow(TimeSpan.Zero));
        Assert.Equal(0, Ladder.ShareAtOrBelow(TimeSpan.MinValue));
        Assert.Equal(1, Ladder.ShareAtOrBelow(Us(10_000)));
        Assert.Equal(1, Ladder.ShareAtOrBelow(TimeSpan.MaxValue));
    }

    [Fact]
    public void Recording_in_a_range_already_seen_allocates_nothing()
    {
        var histogram = HistogramOf(10_000_000);
        Fill(histogram);

        Assert.Equal(0, Allocated.By(() => Fill(histogram)));

        static void Fill(Histogram histogram)
        {
            for (var i = 0; i < 100_000; i++)
                histogram.Record(TimeSpan.FromTicks(i * 997L));
        }
    }

    [Fact]
    public void A_cleared_histogram_is_as_new()
    {
        var histogram = HistogramOf(0, 5, 5_000_000_000);
        histogram.Clear();

        Assert.Equal((0, 0, 0), (histogram.Count, histogram.BelowRange, histogram.AboveRange));
        Assert.Empty(histogram.Buckets());
    }

    [Fact]
    public void A_copy_goes_its_own_way()
    {
        var original = HistogramOf(0, 5, 5_000_000_000);
        var copy = original.Copy();
        original.Record(Us(9));

        Assert.Equal((3, 1, 1), (copy.Count, copy.BelowRange, copy.AboveRange));
        Assert.Equal(4, original.Count);
    }

    [Fact]
    public void A_negative_count_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Histogram().Record(Us(1), -1));

    [Fact]
    public void A_request_that_is_seldom_sent_costs_little_memory()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var interval = new Interval(0, 0, 1_000);
        foreach (var request in interval.Requests)
        {
            for (var i = 1; i <= 5; i++)
            {
                request.ResponseTime.Record(TimeSpan.FromMilliseconds(i * 100));
                request.ServiceTime.Record(TimeSpan.FromMilliseconds(i * 99));
                request.Phases.Record(RequestPhase.Waiting, TimeSpan.FromMilliseconds(i * 98));
            }
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 1_500 * 1_000);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(256)]
    [InlineData(10_000)]
    public void What_was_recorded_before_is_recorded_again_without_allocating(int values)
    {
        var interval = new Interval(0, 0, 1);
        Fill();

        Assert.Equal(0, Allocated.By(Fill, interval.Clear));

        void Fill()
        {
            for (var i = 1; i <= values; i++)
            {
                interval.Requests[0].ResponseTime.Record(TimeSpan.FromMicroseconds(i * 37));
                interval.Requests[0].Phases.Record(RequestPhase.Waiting, TimeSpan.FromMicroseconds(i * 31));
            }
        }
    }
}
