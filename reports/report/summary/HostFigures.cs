using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Hosts' means and peaks over the measured time.</summary>
internal static class HostFigures
{
    public static IReadOnlyList<HostSummary> Of(IReadOnlyList<HostSample> samples, MeasuredRun run) =>
        [.. samples.Where(s => IsMeasured(s.At, run)).GroupBy(s => s.Host).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Of(g.Key, [.. g]))];

    /// <summary>Whether a sample over the second before <paramref name="at"/> lies in the measured time.</summary>
    public static bool IsMeasured(TimeSpan at, MeasuredRun run) => run.Counts(Timeline.SecondOf(at));

    private static HostSummary Of(string name, IReadOnlyList<HostSample> samples) => new(
        name,
        samples.Max(s => s.Cores),
        Spread(samples, s => s.Cpu.Busy),
        Spread(samples, s => s.Load.One),
        Spread(samples, s => s.MemoryTotal > 0 ? (double)s.MemoryUsed / s.MemoryTotal : 0),
        Spread(samples, s => s.Network.In + s.Network.Out),
        Spread(samples, s => s.Disk.In + s.Disk.Out));

    private static MeanAndPeak Spread(IReadOnlyList<HostSample> samples, Func<HostSample, double> value) =>
        new(Math.Round(samples.Average(value), 4), Math.Round(samples.Max(value), 4));
}
