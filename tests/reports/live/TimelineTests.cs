using Pressure.Record;

namespace Pressure.Reports.Tests;

public class TimelineTests
{
    [Fact]
    public void A_second_without_an_interval_is_a_point_of_zeros()
    {
        var points = Timeline.Points(RunBuilder.New().Second(0, ok: 5).Second(3, ok: 7).Build());
        Assert.Equal([0, 1, 2, 3], points.Select(p => p.Second));
        Assert.Equal(0, points[1].Ok);
        Assert.Null(points[1].P99);
    }

    [Theory]
    [InlineData(0.998, 0)]
    [InlineData(1.0, 0)]
    [InlineData(1.004, 0)]
    [InlineData(5.4, 4)]
    [InlineData(5.6, 5)]
    [InlineData(0.1, 0)]
    public void A_sample_belongs_to_the_second_that_it_covers_most_of(double at, int second) =>
        Assert.Equal(second, Timeline.SecondOf(TimeSpan.FromSeconds(at)));

    [Fact]
    public void Events_are_named_in_camel_case_as_in_the_record() => Assert.Equal(
        new EventSummary(2.5, "targetFailing", "", "All requests fail: status 503"),
        Timeline.Event(new TimelineEvent.TargetFailing(TimeSpan.FromSeconds(2.5), RequestError.CheckFailed, 503)));

    [Fact]
    public void Long_runs_are_joined_without_losing_a_spike_or_a_single_failure()
    {
        var points = Enumerable.Range(0, 43_200).Select(second => new TimelinePoint
        {
            Second = second,
            Asked = 100,
            Sent = 100,
            NotSent = 0,
            Ok = second == 20_000 ? 99 : 100,
            Failed = second == 20_000 ? 1 : 0,
            Errors = second == 20_000 ? new Dictionary<string, long> { ["responseTimeout"] = 1 } : [],
            P99 = second == 30_001 ? 5_000 : 10,
        }).ToList();
        var joined = Downsampler.Reduce(points);
        Assert.True(joined.Count <= Downsampler.MaxPoints);
        Assert.All(joined, p => Assert.Equal(100, p.Ok));
        Assert.Equal(1, joined.Sum(p => p.Failed));
        Assert.Equal(1, joined.Sum(p => p.Errors.GetValueOrDefault("responseTimeout")));
        Assert.Equal(5_000, joined.Max(p => p.P99));
    }

    [Fact]
    public void Short_runs_are_left_as_they_are()
    {
        var points = Timeline.Points(DemoRun.Build());
        Assert.Same(points, Downsampler.Reduce(points));
    }
}
