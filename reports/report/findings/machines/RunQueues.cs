namespace Pressure.Reports;

/// <summary>More threads that want to run than there are cores, although the CPU is not busy on average: they come in bursts, or wait for a disk.</summary>
internal static class RunQueues
{
    private const double PerCore = 2;
    private const double BusyAnyway = 0.85;

    public static IEnumerable<Finding> Find(ReportModel model)
    {
        var worst = model.Machines.Hosts
            .Where(h => h.Cores > 0 && h["running"] is { Count: > 0 } queue && queue.Mean >= PerCore * h.Cores && h["busy"]!.Mean < BusyAnyway)
            .MaxBy(h => h["running"]!.Mean / h.Cores);
        if (worst is not null)
            yield return new(new("finding.runQueue", HostSection.Title(worst.Name, model), Figures.Number(worst["running"]!.Mean), worst.Cores, Figures.Share(worst["busy"]!.Mean)), BottleneckClass.Program);
    }
}
