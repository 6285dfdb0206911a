namespace Pressure.Reports;

/// <summary>Hosts and containers that came near the end of their memory.</summary>
internal static class FullMemory
{
    private const double Share = 0.92;

    public static IEnumerable<Finding> Find(ReportModel model)
    {
        if (model.Machines.Hosts.Where(h => h["memory"]?.Peak >= Share).OrderByDescending(h => h["memory"]!.Peak).ToList() is [var fullest, ..] hosts)
            yield return new(Say([.. hosts.Select(h => HostSection.Title(h.Name, model))], HostSection.Title(fullest.Name, model), fullest["memory"]!.Peak, fullest.MemoryTotal), BottleneckClass.Hardware);
        if (model.Machines.Containers.Where(c => c.Last.Container.MemoryLimit > 0 && c["memoryShare"]?.Peak >= Share).OrderByDescending(c => c["memoryShare"]!.Peak).ToList() is [var container, ..] containers)
            yield return new(Say([.. containers.Select(c => c.Name)], container.Name, container["memoryShare"]!.Peak, container.Last.MemoryLimit), BottleneckClass.System);
    }

    private static Sentence Say(IReadOnlyList<string> names, string worst, double share, long limit) =>
        new("finding.memory", Finding.Names(names), worst, Figures.Share(Math.Min(1, share)), Figures.Bytes(limit));
}
