using Pressure.Record;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>
/// What is reported of a server with known delays: p50, p99 and p99.9 within 1 % + 0.3 ms of what the server itself measured.
/// </summary>
/// <remarks>
/// On a busy machine the way there and back takes longer than 0.3 ms now and then. How often is measured in the same run by requests of
/// one constant delay, long enough that their answers come at any moment, also when the generator does not run: if a share s of those
/// took longer, then at most about that share of the others did too, and a reported percentile p can lie no higher than the true one at
/// p + s (twice that, for luck). On a quiet machine s is next to nothing. A figure below the truth has no such excuse: there is no way
/// to measure less than the server spent.
/// </remarks>
[NeedsQuiet]
public sealed class KnownDelayTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(0.3);

    [Fact(Timeout = 120_000)]
    public async Task Percentiles_are_those_of_the_servers_delays()
    {
        var random = new Random(7);
        using var server = new DelayServer(new Dictionary<string, Func<TimeSpan>>
        {
            ["/constant"] = () => TimeSpan.FromMilliseconds(100),
            ["/two-point"] = () => TimeSpan.FromMilliseconds(random.NextDouble() < 0.98 ? 3 : 70),
            ["/exponential"] = () => TimeSpan.FromMilliseconds(-8 * Math.Log(1 - random.NextDouble())),
            ["/pareto"] = () => TimeSpan.FromMilliseconds(Math.Min(2 * Math.Pow(1 - random.NextDouble(), -1 / 1.5), 1_000)),
        });
        string[] paths = ["constant", "two-point", "exponential", "pareto"];
        var plan = EngineRun.Plan(2_000, 10, [.. paths.Select(p => new Scenario(p, 1, [EngineRun.Get(new(server.Url, p), p)]))]);

        var run = await EngineRun.Of(plan, lanes: 1);

        Assert.Equal([5_000L, 5_000L, 5_000L, 5_000L], run.Total.Requests.Select(r => r.Ok));
        var truth = server.End();
        var noisy = 2 * ShareDelayed(run.Total.Requests[0].ServiceTime, truth["/constant"]);
        output.WriteLine($"{noisy / 2:0.00} % of the requests of a constant delay took longer than {Tolerance.TotalMilliseconds} ms there and back");
        for (var i = 1; i < paths.Length; i++)
        {
            foreach (var percent in new[] { 50, 99, 99.9 })
                Compare(paths[i], percent, noisy, run.Total.Requests[i].ServiceTime, truth["/" + paths[i]]);
        }
    }

    private void Compare(string path, double percent, double noisy, Histogram reported, IReadOnlyList<TimeSpan> truth)
    {
        var (actual, lowest, highest) = (reported.Percentile(percent), Percentile(truth, percent), Percentile(truth, Math.Min(100, percent + noisy)));
        output.WriteLine($"{path} p{percent}: {actual.TotalMilliseconds:0.000} ms, the server measured {lowest.TotalMilliseconds:0.000} ms");
        Assert.InRange(actual, 0.99 * lowest - Tolerance, 1.01 * highest + Tolerance);
    }

    // As the histogram does: the percentage is lowered a little, against rounding (99.9 % of 5,000 are 4,995).
    private static TimeSpan Percentile(IReadOnlyList<TimeSpan> rising, double percent) =>
        rising[Math.Clamp((int)Math.Ceiling(Math.BitDecrement(percent) / 100 * rising.Count) - 1, 0, rising.Count - 1)];

    /// <summary>Per cent of the ranks at which the reported value lies above the true one by more than the tolerance.</summary>
    private static double ShareDelayed(Histogram reported, IReadOnlyList<TimeSpan> truth) =>
        100.0 * Enumerable.Range(1, truth.Count).Count(i => reported.Percentile(100.0 * i / truth.Count) > 1.001 * truth[i - 1] + Tolerance) / truth.Count;
}
