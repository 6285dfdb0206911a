namespace Pressure.Reports;

/// <summary>Hosts and containers that came near the end of their memory.</summary>
internal static class FullMemory
{
    private const double Share = 0.92;

    public static IEnumerable<Finding> Find(ReportModel model)
    {
        var hosts = model.Machines.Hosts.Where(h => h["memory"]?.Peak >= Share).OrderByDescending(h => h["memory"]!.Peak);
        if (Say([.. hosts.Select(h => (HostSection.Title(h.Name, model), h["memory"]!.Peak, h.MemoryTotal))]) is { } ofHosts)
            yield return new(ofHosts, BottleneckClass.Hardware);
        var containers = model.Machines.Containers.Where(c => c.Last.Container.MemoryLimit > 0 && c["memoryShare"]?.Peak >= Share).OrderByDescending(c => c["memoryShare"]!.Peak);
        if (Say([.. containers.Select(c => (c.Name, c["memoryShare"]!.Peak, c.Last.MemoryLimit))]) is { } ofContainers)
            yield return new(ofContainers, BottleneckClass.System);
    }

    private static Sentence? Say(IReadOnlyList<(string Name, double Share, long Limit)> full) => full.Count == 0 ? null : Finding.WithOthers(
        new("finding.memory", full[0].Name, Figures.Share(Math.Min(1, full[0].Share)), Figures.Bytes(full[0].Limit)), [.. full.Skip(1).Select(f => f.Name)]);
}
