namespace Pressure.Reports;

/// <summary>Whether cycles of the old generation come at regular intervals: those that come closer and closer are a heap that fills up.</summary>
internal static class OldCycles
{
    private const int Least = 4;
    private const double Often = 60;

    /// <summary>The second half of the intervals being so much shorter than the first is a trend.</summary>
    private const double Shrinking = 0.6;

    public static IEnumerable<Finding> Find(ReportModel model)
    {
        var process = model.Machines.Processes.Where(p => p.Gc is { OldCycles.Count: >= Least }).MinBy(p => Intervals(p.Gc!).Average());
        if (process is null || Intervals(process.Gc!) is not { } intervals || intervals.Average() > Often)
            yield break;
        var (early, late) = (intervals.Take(intervals.Count / 2).Average(), intervals.TakeLast(intervals.Count / 2).Average());
        var mean = intervals.Average();
        var deviation = Math.Sqrt(intervals.Average(i => (i - mean) * (i - mean)));
        var key = late < early * Shrinking ? "finding.cycles.closer" : deviation < mean / 2 ? "finding.cycles.regular" : "finding.cycles.irregular";
        yield return new(new(key, GcSpikes.Name(model, process), process.Gc!.OldCycles.Count, Seconds(mean), Seconds(intervals.Min()), Seconds(intervals.Max()), Seconds(early), Seconds(late)), key == "finding.cycles.closer" ? BottleneckClass.Program : null);
    }

    private static List<double> Intervals(GcTrack gc)
    {
        var begins = gc.OldCycles.Order().ToList();
        return [.. begins.Zip(begins.Skip(1)).Select(b => (b.Second - b.First).TotalSeconds)];
    }

    private static string Seconds(double seconds) => Figures.Span(TimeSpan.FromSeconds(Math.Round(seconds, 1)));
}
