using FsCheck;
using FsCheck.Fluent;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

public sealed class ClockEstimateTests
{
    [Fact]
    public void An_estimate_is_never_wrong_by_more_than_it_says() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 5_000).ToArbitrary(), Gen.Choose(0, 5_000).ToArbitrary(), Gen.Choose(-10_000_000, 10_000_000).ToArbitrary(), (there, back, ahead) =>
        {
            var time = new FakeTime();
            var asked = time.GetTimestamp();
            time.Advance(TimeSpan.FromMilliseconds(there));
            var told = time.GetUtcNow() + TimeSpan.FromMilliseconds(ahead);
            time.Advance(TimeSpan.FromMilliseconds(back));
            var estimate = ClockEstimate.Of(time, asked, time.GetTimestamp(), told);
            return (estimate.Offset(time) - TimeSpan.FromMilliseconds(ahead)).Duration() <= estimate.Uncertainty + TimeSpan.FromTicks(1)
                && (estimate.Uncertainty - (TimeSpan.FromMilliseconds(there + back) / 2)).Duration() <= TimeSpan.FromTicks(1);
        }));

    [Fact]
    public void A_runs_clock_begins_at_the_agreed_moment_and_bears_the_coordinators_time()
    {
        var time = new FakeTime();
        var estimate = new ClockEstimate(time.GetTimestamp(), time.GetUtcNow() + TimeSpan.FromHours(1), TimeSpan.Zero);
        time.Advance(TimeSpan.FromSeconds(3));
        var startsAt = estimate.There + TimeSpan.FromSeconds(5);
        var clock = RunClock.Agreed(time, estimate.TimestampAt(time, startsAt), startsAt);
        Assert.Equal((TimeSpan.FromSeconds(-2), startsAt), (clock.Now, clock.StartedAt));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(8), clock.Now);
    }

    [Fact]
    public void An_estimate_grows_old()
    {
        var time = new FakeTime();
        var estimate = new ClockEstimate(time.GetTimestamp(), time.GetUtcNow(), TimeSpan.FromMilliseconds(3));
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(TimeSpan.FromMilliseconds(3 + 12), estimate.UncertaintyNow(time));
    }
}
