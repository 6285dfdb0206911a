namespace Pressure.Reports;

/// <summary>Seconds on end in which response times stood out.</summary>
/// <param name="First">Its first second.</param>
/// <param name="Last">Its last second.</param>
/// <param name="Slowest">The second with the highest 99th percentile.</param>
/// <param name="P99">That percentile, milliseconds.</param>
/// <param name="Excess">How much longer the slowest request took than the slowest of a usual second, milliseconds.</param>
internal sealed record Spike(int First, int Last, int Slowest, double P99, double Excess);

/// <summary>The seconds of a run in which response times stood out from the rest.</summary>
/// <param name="All">The spikes, the highest first.</param>
/// <param name="Seconds">The seconds looked at, in order.</param>
/// <param name="Least">By how much, in milliseconds, a 99th percentile had to exceed the usual one.</param>
internal sealed record Spikes(IReadOnlyList<Spike> All, IReadOnlyList<int> Seconds, double Least)
{
    private const int LeastSeconds = 20;
    private const double LeastMilliseconds = 10;

    /// <summary>Where more seconds than this share stand out, none does.</summary>
    private const double MostShare = 0.25;

    /// <summary>A normal distribution's standard deviation by its median absolute deviation.</summary>
    private const double Sigma = 1.4826;

    /// <summary>
    /// A second stands out when its 99th percentile is twice the median second's and six standard deviations above it (estimated by the median
    /// deviation, which spikes do not move), and at least 10 ms. Null when there is too little to compare with, or nothing stands out.
    /// </summary>
    public static Spikes? Of(IReadOnlyList<SecondTimes> times)
    {
        if (times.Count < LeastSeconds)
            return null;
        var usual = Median(times.Select(t => t.P99));
        var deviation = Sigma * Median(times.Select(t => Math.Abs(t.P99 - usual)));
        var least = Math.Max(Math.Max(usual, 6 * deviation), LeastMilliseconds);
        List<SecondTimes> high = [.. times.Where(t => t.P99 > usual + least)];
        if (high.Count == 0 || high.Count > MostShare * times.Count)
            return null;
        var usualMax = Median(times.Select(t => t.Max));
        // Seconds in which nothing ended lie within a spike, not between two.
        var after = times.Zip(times.Skip(1)).ToDictionary(p => p.First.Second, p => p.Second.Second);
        var spikes = new List<List<SecondTimes>>();
        foreach (var second in high)
        {
            if (spikes is [.., var open] && after.GetValueOrDefault(open[^1].Second) == second.Second)
                open.Add(second);
            else
                spikes.Add([second]);
        }
        return new([.. spikes.Select(s => Of(s, usualMax)).OrderByDescending(s => s.P99)], [.. times.Select(t => t.Second)], least);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static Spike Of(List<SecondTimes> seconds, double usualMax)
    {
        var slowest = seconds.MaxBy(s => s.P99);
        return new(seconds[0].Second, seconds[^1].Second, slowest.Second, slowest.P99, seconds.Max(s => s.Max) - usualMax);
    }
}
