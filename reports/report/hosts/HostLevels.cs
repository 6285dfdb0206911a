using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Levels of a host by the names that thresholds have for them.</summary>
public static class HostLevels
{
    /// <summary><c>host_cpu</c>, <c>host_memory</c>, ...</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Of().Select(g => g.Name)];

    /// <summary>The level in one sample, a share (0 to 1) or a plain number; null if the name is none of <see cref="Names"/>.</summary>
    public static double? Of(string metric, HostSample sample) => Of().FirstOrDefault(g => g.Name == metric)?.Of(sample, null).Single().Value;

    private static IEnumerable<Metric.Gauge> Of() => Metric.All.OfType<Metric.Gauge>().Where(g => g.Tags.Count == 2);
}
