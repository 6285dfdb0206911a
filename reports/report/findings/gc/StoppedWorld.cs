namespace Pressure.Reports;

/// <summary>Processes that stood still for their collector, or whose threads waited for memory, for more of the time than users should not notice.</summary>
internal static class StoppedWorld
{
    private const double Share = 0.05;

    public static IEnumerable<Finding> Find(ReportModel model)
    {
        if (model.Machines.Processes.Where(p => p.Gc is not null && p.StoppedShare >= Share).MaxBy(p => p.StoppedShare) is { } process)
        {
            yield return new(
                new("finding.stopped", GcSpikes.Name(model, process), Figures.Share(process.StoppedShare), Figures.Count(process.Gc!.Pauses.Count), Figures.Duration(process.Gc.PauseMax.TotalMilliseconds)),
                BottleneckClass.Program);
        }
        if (model.Machines.Processes.Where(p => p.Gc is { Stalls: > 0 }).MaxBy(p => p.Gc!.Stalls) is { } waiting)
        {
            yield return new(
                new("finding.stalls", GcSpikes.Name(model, waiting), Figures.Count(waiting.Gc!.Stalls), Figures.Duration(waiting.Gc.StallMax.TotalMilliseconds)),
                BottleneckClass.Program);
        }
    }
}
