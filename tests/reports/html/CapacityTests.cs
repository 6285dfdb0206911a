using Pressure.Record;

namespace Pressure.Reports.Tests;

public class CapacityTests
{
    /// <summary>Ramp to 50/s in 3 s, 50/s for 6 s, ramp to 200/s in 3 s, 200/s for <paramref name="top"/> s.</summary>
    private static RunBuilder Staged(int top = 6)
    {
        RateSegment[] stages = [Stage(0, 3, 0, 50), Stage(3, 9, 50, 50), Stage(9, 12, 50, 200), Stage(12, 12 + top, 200, 200)];
        var run = RunBuilder.New().Manifest(m => m with
        {
            Duration = TimeSpan.FromSeconds(12 + top),
            Load = m.Load with { Kind = "stages", Segments = stages },
        });
        for (var second = 0; second < 9; second++)
            run.Second(second, ok: second < 3 ? 25 : 50, milliseconds: 20);
        for (var second = 9; second < 12; second++)
            run.Second(second, ok: 125, milliseconds: 20);
        return run;
    }

    private static RateSegment Stage(int from, int to, double fromRate, double toRate) =>
        new(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to), fromRate, toRate);

    private static RunBuilder AtTheTop(RunBuilder run, int seconds, long ok, long failed = 0, long notSent = 0)
    {
        for (var second = 12; second < 12 + seconds; second++)
            run.Second(second, ok, failed, notSent, milliseconds: 100);
        return run;
    }

    private static string Of(RunBuilder run)
    {
        var record = run.Build();
        return Capacity.Sentence(new ReportModel(record, Summarizer.Summarize(record), ReportLanguage.En));
    }

    [Fact]
    public void The_highest_plateau_that_was_held_counts_with_its_own_p95() =>
        Assert.StartsWith("Held 200 requests/s for 6 s = 4.32 million page views a day under the 80/20 rule; p95 100 ms.", Of(AtTheTop(Staged(), 6, ok: 200)), StringComparison.Ordinal);

    [Theory]
    [InlineData(190, 10, 0)]
    [InlineData(190, 0, 10)]
    public void A_plateau_with_more_than_one_percent_failed_or_not_sent_was_not_held(long ok, long failed, long notSent) =>
        Assert.StartsWith("Held 50 requests/s for 6 s", Of(AtTheTop(Staged(), 6, ok, failed, notSent)), StringComparison.Ordinal);

    [Fact]
    public void A_plateau_of_less_than_five_seconds_does_not_count() =>
        Assert.StartsWith("Held 50 requests/s for 6 s", Of(AtTheTop(Staged(top: 4), 4, ok: 200)), StringComparison.Ordinal);

    [Fact]
    public void Seconds_after_a_stop_are_no_part_of_a_plateau() => Assert.StartsWith("Held 50 requests/s for 6 s",
        Of(AtTheTop(Staged(), 4, ok: 200).Event(new TimelineEvent.StopRequested(TimeSpan.FromSeconds(16), "Ctrl-C"))), StringComparison.Ordinal);

    [Fact]
    public void Without_a_held_plateau_it_says_what_was_reached() => Assert.Equal(
        "Reached 125 requests/s in the best second (asked up to 200); no steady rate was held for 5 s or longer.",
        Of(AtTheTop(Staged(), 6, ok: 0, failed: 200).Manifest(m => m with { WarmUp = TimeSpan.FromSeconds(9) })));

    [Fact]
    public void A_constant_load_counts_with_its_mean() =>
        Assert.StartsWith("Carried 90 requests/s (asked 100) =", Of(RunBuilder.New().Seconds(10, ok: 90, failed: 10)), StringComparison.Ordinal);
}
