using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen.Tests;

public sealed class PartitionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Lanes_share_the_starts_exactly_each_one_once(int lanes)
    {
        // 20 per 950 ms for 1 s: 22 starts, at 0, 47.5, 95, ... 997.5 ms.
        var workload = Workload.Of(Plans.Read(Plans.With("rate: 20/950ms, duration: 1s")));

        var parts = Enumerable.Range(0, lanes).Select(lane => Dues(workload, lane, lanes)).ToList();

        Assert.Equal(Enumerable.Range(0, 22).Select(n => TimeSpan.FromMilliseconds(47.5 * n)), parts.SelectMany(p => p).Order());
        Assert.All(parts, p => Assert.InRange(p.Count, 22 / lanes, (22 + lanes - 1) / lanes));
        Assert.All(parts, p => Assert.Equal(p.Order(), p));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Scenarios_with_rates_of_their_own_are_merged_in_order_of_time(int lanes)
    {
        var text = """
            name: rates
            target: http://127.0.0.1:5080
            load: { duration: 2s }
            scenarios:
              - { name: a, rate: 7/s, steps: [ { get: /a } ] }
              - { name: b, rate: 3/950ms, steps: [ { get: /b } ] }
              - { name: c, rate: 20/s, steps: [ { get: /c } ] }
            """;
        var workload = Workload.Of(Plans.Read(text));

        var parts = Enumerable.Range(0, lanes).Select(lane => Dues(workload, lane, lanes)).ToList();

        Assert.Equal(14 + 7 + 40, parts.Sum(p => p.Count));
        Assert.Equal(
            workload.Streams.SelectMany(s => Enumerable.Range(0, (int)s.Starts.Count).Select(n => s.Starts.IntendedStart(n))).Order(),
            parts.SelectMany(p => p).Order());
        Assert.All(parts, p => Assert.Equal(p.Order(), p));
    }

    private static List<TimeSpan> Dues(Workload workload, int lane, int lanes)
    {
        var scripts = workload.Plan.Scenarios.Select(_ => new ScenarioScript([default])).ToList();
        var starts = LaneStarts.Create(workload, WorkShare.Whole, scripts, lane, lanes);
        var dues = new List<TimeSpan>();
        while (starts.NextDue < TimeSpan.MaxValue)
            dues.Add(starts.Take().Due);
        return dues;
    }
}
