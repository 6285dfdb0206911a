using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Response times of one second, milliseconds.</summary>
internal readonly record struct SecondTimes(int Second, long Count, double P50, double P95, double P99, double Max);

/// <summary>Response times of some requests, second by second.</summary>
internal static class ServiceTimes
{
    /// <summary>The seconds in which any of them ended, in order.</summary>
    public static IReadOnlyList<SecondTimes> Of(RunRecord run, Func<RequestManifest, bool> fits)
    {
        List<int> wanted = [.. Enumerable.Range(0, run.Manifest.Requests.Count).Where(i => fits(run.Manifest.Requests[i]))];
        var all = new Histogram();
        var times = new List<SecondTimes>();
        foreach (var second in run.Intervals.GroupBy(i => i.Second))
        {
            all.Clear();
            foreach (var interval in second)
                wanted.ForEach(i => all.Add(interval.Requests[i].ResponseTime));
            if (all.Count > 0)
                times.Add(new(second.Key, all.Count, Percentile(50), Percentile(95), Percentile(99), Durations.Milliseconds(all.Max)));
        }
        return times;

        double Percentile(double percent) => Durations.Milliseconds(all.Percentile(percent));
    }

    /// <summary>The 99th percentile of all these requests that ended in some of a run's seconds; null if none did.</summary>
    public static double? P99(RunRecord run, Func<RequestManifest, bool> fits, Func<int, bool> seconds)
    {
        var all = new Histogram();
        foreach (var interval in run.Intervals.Where(i => seconds(i.Second)))
        {
            for (var i = 0; i < interval.Requests.Count; i++)
            {
                if (fits(run.Manifest.Requests[i]))
                    all.Add(interval.Requests[i].ResponseTime);
            }
        }
        return all.Count == 0 ? null : Durations.Milliseconds(all.Percentile(99));
    }
}
