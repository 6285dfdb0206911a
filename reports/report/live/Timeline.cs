using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Turns intervals and samples into <see cref="TimelinePoint"/>s.</summary>
public static class Timeline
{
    /// <summary>One second: the shares' intervals of that second (at least one), and the samples taken in it.</summary>
    public static TimelinePoint Point(RunManifest manifest, IReadOnlyList<Interval> intervals, IEnumerable<HostSample> hosts, GeneratorSample? generator) =>
        throw new NotImplementedException();

    /// <summary>A whole run, a point a second without holes between the first and the last second.</summary>
    public static IReadOnlyList<TimelinePoint> Points(RunRecord run) => throw new NotImplementedException();
}
