using Pressure.Record;

namespace Pressure.Reports.Tests;

public class PlateauMeasureTests
{
    private static readonly RunManifest Manifest = SearchRun.Build().Manifest;

    private static SearchPlateau Measure(long asked, long ok, double milliseconds = 10, long failed = 0, params double[] lateMedians)
    {
        var seconds = Enumerable.Range(20, 4).Select(s =>
        {
            var interval = new Interval(0, s, 1);
            var r = interval.Requests[0];
            (r.Asked, r.Ok, r.Failed) = (asked, ok, failed);
            r.ResponseTime.Record(TimeSpan.FromMilliseconds(milliseconds), ok + failed);
            return interval;
        });
        var generator = lateMedians.Select(l => new GeneratorSample
        {
            At = TimeSpan.Zero,
            Cpu = 1,
            BusiestLane = 0.5,
            LateP50 = TimeSpan.FromMilliseconds(l),
            LateP99 = TimeSpan.FromMilliseconds(l),
            Memory = 0,
        });
        return PlateauMeasure.Of(Manifest, new(TimeSpan.FromSeconds(18), 3, SearchPhase.Ramp, asked), [.. seconds], [.. generator], []);
    }

    [Fact]
    public void A_plateau_where_all_criteria_hold_has_its_figures()
    {
        var plateau = Measure(asked: 100, ok: 100);

        Assert.Equal((3, SearchPhase.Ramp, 100.0, 20, 4), (plateau.Number, plateau.Phase, plateau.Rate, plateau.FromSecond, plateau.Seconds));
        Assert.Equal((400L, 100.0, 0.0, PlateauOutcome.Held), (plateau.Asked, plateau.Delivered, plateau.ErrorShare, plateau.Outcome));
        Assert.InRange(plateau.P95!.Value, 10, 10.1);
        Assert.Equal(["http_req_duration", "http_req_failed", SearchCriterion.Throughput], plateau.Criteria.Select(c => c.Metric));
        Assert.Equal(200, plateau.Criteria[0].Limit);
        Assert.Null(plateau.BrokenBy);
    }

    [Fact]
    public void The_first_criterion_that_does_not_hold_is_what_broke_it()
    {
        Assert.Equal("http_req_duration", Measure(asked: 100, ok: 50, milliseconds: 300, failed: 50).BrokenBy!.Metric);
        Assert.Equal("http_req_failed", Measure(asked: 100, ok: 50, failed: 50).BrokenBy!.Metric);
    }

    [Theory]
    [InlineData(100, 96, PlateauOutcome.Held)]
    [InlineData(100, 94, PlateauOutcome.Broke)]
    [InlineData(1, 1, PlateauOutcome.Held)]
    [InlineData(0, 0, PlateauOutcome.Broke)]
    public void Throughput_follows_while_95_of_100_asked_requests_end_well(long asked, long ok, PlateauOutcome outcome) =>
        Assert.Equal(outcome, Measure(asked, ok).Outcome);

    [Fact]
    public void Where_nothing_ended_every_criterion_is_broken()
    {
        var plateau = Measure(asked: 100, ok: 0);

        Assert.Equal(PlateauOutcome.Broke, plateau.Outcome);
        Assert.Null(plateau.BrokenBy!.Actual);
        Assert.Null(plateau.P95);
    }

    [Theory]
    [InlineData(PlateauOutcome.Held, 1.0, 50.0, 1.0, 1.0)]
    [InlineData(PlateauOutcome.GeneratorSaturated, 50.0, 1.0, 50.0, 1.0)]
    [InlineData(PlateauOutcome.GeneratorSaturated, 50.0, 50.0, 50.0, 50.0)]
    public void A_generator_behind_in_half_of_the_seconds_tells_nothing_of_the_target(PlateauOutcome outcome, params double[] lateMedians) =>
        Assert.Equal(outcome, Measure(asked: 100, ok: 100, lateMedians: lateMedians).Outcome);
}
