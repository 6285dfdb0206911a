using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cluster.Tests;

public sealed class CapacitySearchTests
{
    private const double Resolution = 0.05;
    private static readonly TimeSpan Plateau = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(2);

    [Fact]
    public void A_wall_is_found_within_the_resolution()
    {
        var target = new SimulatedTarget(seed: 1) { Of = rate => SimulatedTarget.Wall(437, rate) };
        var result = Search(target, from: 50);

        Assert.Equal(SearchEnding.Found, result.Ending);
        Assert.True(result.Confirmed);
        Assert.InRange(result.Holds!.Value, 437 / (1 + Resolution) - 5, 437);
        Assert.InRange(result.Breaks!.Value, 437, 437 * 1.08);
        Assert.True(result.Breaks / result.Holds <= 1 + Resolution + 1e-9);
        Assert.Equal("http_req_duration", result.BrokenBy!.Metric);
        Assert.True(result.Confidence >= 0.8, $"{result}");
        Assert.InRange(target.Plateaus, 8, 25);
    }

    [Fact]
    public void The_wanted_rates_rise_by_half_then_halve_the_gap_then_confirm()
    {
        var asked = new List<SearchStep.Plateau>();
        Search(new SimulatedTarget(seed: 1) { Of = rate => SimulatedTarget.Wall(110, rate) }, from: 50, asked: asked);

        Assert.Equal([50, 75, 112, 112], asked.Take(4).Select(a => Math.Round(a.Rate)));
        Assert.Equal(SearchPhase.Bisect, asked[4].Phase);
        Assert.Equal(Math.Sqrt(75 * asked[3].Rate), asked[4].Rate, 1.0);
        Assert.Equal([SearchPhase.Confirm, SearchPhase.Confirm, SearchPhase.Recheck], asked.TakeLast(3).Select(a => a.Phase));
        Assert.True(asked.TakeLast(3).All(a => a.BreatheFirst));
        Assert.Equal([false, false, false, true, true], asked.Take(5).Select(a => a.BreatheFirst));
    }

    [Fact]
    public void The_knee_is_where_response_time_begins_to_grow_faster_than_throughput()
    {
        var result = Search(new SimulatedTarget(seed: 1) { Of = rate => SimulatedTarget.Queue(served: 400, rate) }, from: 20);

        // An M/M/1 queue has its greatest power at half of what it serves.
        Assert.InRange(result.Knee!.Value, 150, 250);
        Assert.InRange(result.Holds!.Value, SimulatedTarget.QueueCapacity(400) * 0.93, SimulatedTarget.QueueCapacity(400));
    }

    [Fact]
    public void A_target_that_never_fails_is_pressed_up_to_the_highest_rate_to_try()
    {
        var result = Search(new SimulatedTarget(seed: 1) { Of = rate => (5, rate) }, from: 50, to: 5000);

        Assert.Equal((SearchEnding.ReachedTo, 5000, true), (result.Ending, result.Holds, result.Confirmed));
        Assert.Null(result.Breaks);
        Assert.Null(result.Knee);
    }

    [Fact]
    public void A_target_that_never_holds_is_left_after_three_tries()
    {
        var target = new SimulatedTarget(seed: 1) { Of = _ => (900, 1) };
        var result = Search(target, from: 50);

        Assert.Equal(SearchEnding.NeverHeld, result.Ending);
        Assert.Null(result.Holds);
        Assert.Equal(50, result.Breaks);
        Assert.Equal(3, target.Plateaus);
        Assert.InRange(result.Confidence, 0.7, 1);
    }

    [Fact]
    public void A_generator_at_its_limit_is_not_taken_for_the_targets()
    {
        var result = Search(new SimulatedTarget(seed: 1) { Of = rate => (5, rate), GeneratorLimit = 3000 }, from: 50);

        Assert.Equal(SearchEnding.GeneratorSaturated, result.Ending);
        Assert.InRange(result.GeneratorLimit!.Value, 3000, 4500);
        Assert.InRange(result.Holds!.Value, 2000, 3000);
        Assert.Null(result.Breaks);
        Assert.Equal(0, result.Confidence);
    }

    [Fact]
    public void Throughput_that_does_not_follow_breaks_a_plateau_that_answers_fast()
    {
        var result = Search(new SimulatedTarget(seed: 1) { Of = rate => (5, Math.Min(rate, 300)) }, from: 50);

        Assert.Equal(SearchCriterion.Throughput, result.BrokenBy!.Metric);
        Assert.InRange(result.Holds!.Value, 285, 316);
    }

    [Fact]
    public void When_time_is_short_the_best_rate_so_far_is_confirmed()
    {
        var result = Search(new SimulatedTarget(seed: 1) { Of = rate => SimulatedTarget.Wall(1000, rate) }, from: 50, within: TimeSpan.FromSeconds(14 * 12));

        Assert.Equal((SearchEnding.TimeRanOut, true), (result.Ending, result.Confirmed));
        Assert.InRange(result.Holds!.Value, 500, 1000);
        Assert.InRange(result.Confidence, 0.01, 0.6);
    }

    [Fact]
    public void Without_time_for_anything_the_search_says_what_it_has_seen()
    {
        var result = Search(new SimulatedTarget(seed: 1) { Of = rate => SimulatedTarget.Wall(1000, rate) }, from: 50, within: TimeSpan.FromSeconds(20));

        Assert.Equal((SearchEnding.TimeRanOut, 50, false), (result.Ending, result.Holds, result.Confirmed));
    }

    [Fact]
    public void A_search_that_is_cut_says_what_it_has()
    {
        var search = new CapacitySearch(Asked(50, null, TimeSpan.FromMinutes(15)), Breath);
        var target = new SimulatedTarget(seed: 1) { Of = rate => SimulatedTarget.Wall(1000, rate) };
        search.Take(target.Press((SearchStep.Plateau)search.Next), Plateau);
        var result = search.Cut(SearchEnding.Stopped);

        Assert.Equal((SearchEnding.Stopped, 50, false), (result.Ending, result.Holds, result.Confirmed));
        Assert.Same(result, search.Cut(SearchEnding.TimeRanOut));
    }

    /// <summary>Runs a search against a simulated target to its end.</summary>
    internal static SearchResult Search(
        SimulatedTarget target, double from, double? to = null, TimeSpan? within = null, List<SearchStep.Plateau>? asked = null)
    {
        var search = new CapacitySearch(Asked(from, to, within ?? TimeSpan.FromDays(1)), Breath);
        var now = TimeSpan.Zero;
        while (search.Next is SearchStep.Plateau next)
        {
            Assert.True(target.Plateaus < 500, "The search does not end.");
            asked?.Add(next);
            now += Plateau + (next.BreatheFirst ? Breath : TimeSpan.Zero);
            search.Take(target.Press(next), now);
        }
        Assert.True(now <= (within ?? now));
        return ((SearchStep.Over)search.Next).Result;
    }

    private static Load.Search Asked(double from, double? to, TimeSpan within)
    {
        Assert.True(Threshold.TryParse("http_req_duration", "p(95) < 200ms", out var slo, out _));
        return new([slo!], PerSecond(from), to is { } top ? PerSecond(top) : null, Plateau, Resolution, within);
    }

    private static Rate PerSecond(double rate) => new((decimal)rate, TimeSpan.FromSeconds(1));
}
