namespace Pressure.Reports;

/// <summary>Containers that their CPU limit held back.</summary>
internal static class ContainerLimits
{
    private const double Throttled = 0.1;
    private const double Full = 0.9;

    public static IEnumerable<Finding> Find(ReportModel model)
    {
        var held = model.Machines.Containers.Where(c => c.Last.Container.CpuLimit > 0 && (Mean(c, "throttled") >= Throttled || Mean(c, "cpuShare") >= Full))
            .OrderByDescending(c => Mean(c, "throttled")).ThenByDescending(c => Mean(c, "cpuShare")).ToList();
        if (held.Count == 0)
            yield break;
        var worst = held[0];
        var said = new Sentence("finding.throttled", worst.Name, Figures.Share(Math.Min(1, Mean(worst, "cpuShare"))), Figures.Number(worst.Last.Container.CpuLimit!.Value), Figures.Share(Mean(worst, "throttled")));
        yield return new(Finding.WithOthers(said, [.. held.Skip(1).Select(c => c.Name)]), BottleneckClass.System);
    }

    private static double Mean(ContainerTrack container, string figure) => container[figure]?.Mean ?? 0;
}
