using Pressure.Record;

namespace Pressure.Reports.Tests;

public class GeneratorHealthTests
{
    private static IReadOnlyList<GeneratorSample> Samples(double busiestLane, params double[] lateMilliseconds)
    {
        var run = RunBuilder.New();
        for (var i = 0; i < lateMilliseconds.Length; i++)
            run.Generator(i, lateMilliseconds[i], busiestLane);
        return run.Build().Generator;
    }

    [Theory]
    [InlineData(0.3, new double[] { })]
    [InlineData(0.3, new double[] { 0.1, 0.1, 0.1, 0.1 })]
    [InlineData(0.3, new double[] { 0.1, 900, 700, 0.1, 800, 900, 0.1 })]
    [InlineData(0.3, new double[] { 40, 40, 40, 40 })]
    [InlineData(1.0, new double[] { 9, 9, 9, 9 })]
    public void A_hiccup_or_a_busy_loop_alone_is_healthy(double busiestLane, double[] late) =>
        Assert.Null(GeneratorHealth.WhySaturated(Samples(busiestLane, late), []));

    [Theory]
    [InlineData(0.3, new double[] { 0.1, 60, 70, 55, 0.1 })]
    [InlineData(0.99, new double[] { 12, 14, 11 })]
    public void Three_bad_seconds_in_a_row_are_saturation(double busiestLane, double[] late) =>
        Assert.NotNull(GeneratorHealth.WhySaturated(Samples(busiestLane, late), []));

    [Theory]
    [InlineData(1.0, 0.9, true)]
    [InlineData(1.0, 0.04, false)] // a request that falls due at the very end of a second is sent in the next
    [InlineData(0.9, 0.9, false)] // the loop had time to send them: the target, or too few connections, held them up
    public void A_loop_without_a_free_moment_that_leaves_requests_unsent_is_saturated_though_none_is_late(double busiestLane, double backlog, bool saturated)
    {
        var samples = Samples(busiestLane, 0, 0, 0).Select(s => s with { Backlog = backlog }).ToList();

        Assert.Equal(saturated ? "for seconds on end an event loop was 100 % busy and up to 90 % of the requests that fell due were not sent" : null, GeneratorHealth.WhySaturated(samples, []));
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void A_late_tail_is_saturation_only_when_it_lasts(int seconds, bool saturated)
    {
        var run = RunBuilder.New();
        for (var second = 0; second < 30; second++)
            run.Generator(second, second is >= 5 && second < 5 + seconds ? 170 : 1, lateMedian: 0.07);
        Assert.Equal(saturated, GeneratorHealth.WhySaturated(run.Build().Generator, []) is not null);
    }

    [Fact]
    public void The_clause_names_the_worst_second() =>
        Assert.Contains("90 ms", GeneratorHealth.WhySaturated(Samples(0.98, 60, 70, 90, 0.1), []), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.99, 0.2, 0.3, true)]
    [InlineData(0.80, 0.2, 0.3, false)] // the machine had CPU to give
    [InlineData(0.99, 0.97, 0.3, false)] // a loop of ours was full
    [InlineData(0.99, 0.2, 1.2, false)] // we had the larger part of two cores
    public void Others_are_named_when_they_and_not_we_fill_the_machine(double machine, double busiestLane, double ownCores, bool starved)
    {
        var run = RunBuilder.New().Seconds(10, ok: 10);
        for (var second = 0; second < 10; second++)
        {
            run.Generator(Samples(busiestLane, 60)[0] with { At = TimeSpan.FromSeconds(second + 1), Cpu = ownCores });
            run.Host(DemoRun.Build().Hosts[0] with { Host = "local", At = TimeSpan.FromSeconds(second + 1), Cores = 2, Cpu = new(machine, 0, 0, 0) });
        }
        var summary = Summarizer.Summarize(run.Build());
        Assert.Equal(Verdict.Invalid, summary.Verdict);
        Assert.Equal(starved, summary.Reason.Contains("Other processes starved", StringComparison.Ordinal));
        Assert.Equal(starved, summary.Generator.Why!.Contains("other processes kept the CPU", StringComparison.Ordinal));
    }

    [Fact]
    public void Lateness_in_the_warm_up_does_not_count()
    {
        var run = RunBuilder.New().Manifest(m => m with { WarmUp = TimeSpan.FromSeconds(4) }).Seconds(10, ok: 10);
        for (var second = 0; second < 10; second++)
            run.Generator(second, second < 4 ? 500 : 0.1);
        Assert.False(Summarizer.Summarize(run.Build()).Generator.Saturated);
    }
}
