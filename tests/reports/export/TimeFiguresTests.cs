using FsCheck;
using FsCheck.Fluent;
using Pressure.Reports.Export;

namespace Pressure.Reports.Tests.Export;

public sealed class TimeFiguresTests
{
    [Fact]
    public void Quantiles_are_those_of_the_histogram_and_buckets_hold_all() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<NonEmptyArray<PositiveInt>>(), values =>
        {
            var histogram = Points.Histogram(values.Get.Select(v => v.Get * 0.37));
            var figures = TimeFigures.Of(histogram)!;

            Assert.Equal(TimeFigures.Quantiles.Select(q => histogram.Percentile(q.Quantile * 100).TotalMilliseconds), figures.QuantileValues);
            Assert.Equal(histogram.Count, figures.Buckets.Sum());
            Assert.Equal(histogram.Mean.TotalMilliseconds, figures.Mean, 1e-9);
        }));

    [Fact]
    public void A_bucket_includes_its_upper_bound()
    {
        var figures = TimeFigures.Of(Points.Histogram(0.5, 1.5, 70_000))!;

        Assert.Equal([1, 1], figures.Buckets.Take(2));
        Assert.Equal(1, figures.Buckets[^1]);
    }

    [Fact]
    public void There_are_none_of_nothing() => Assert.Null(TimeFigures.Of(Points.Histogram()));
}
