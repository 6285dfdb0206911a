using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Processes that collected their whole heap with all threads stopped.</summary>
internal static class FullCollections
{
    private const int Most = 3;

    public static IEnumerable<Finding> Find(ReportModel model) =>
        from process in model.Machines.Processes.Where(p => p.Gc is { Full: > 0 }).OrderByDescending(p => p.Gc!.FullTotal).Take(Most)
        select new Finding(Say(model, process, process.Gc!), BottleneckClass.Program);

    private static Sentence Say(ReportModel model, ProcessTrack process, GcTrack gc)
    {
        var failures = gc.Kinds.GetValueOrDefault(GcKind.ConcurrentModeFailure);
        var said = new Sentence(
            gc.Full == 1 ? "finding.full.once" : "finding.full", GcSpikes.Name(model, process), Figures.Count(gc.Full), Figures.Duration(gc.FullMax.TotalMilliseconds), Figures.Duration(gc.FullTotal.TotalMilliseconds));
        return failures > 0 ? new("finding.full.lost", said, Figures.Count(failures)) : said;
    }
}
