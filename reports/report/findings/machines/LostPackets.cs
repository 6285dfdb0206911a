namespace Pressure.Reports;

/// <summary>TCP that had to send again, and connections that a full queue refused.</summary>
internal static class LostPackets
{
    private const double Share = 0.01;
    private const double PerSecond = 1;

    public static IEnumerable<Finding> Find(ReportModel model)
    {
        if (model.Machines.Hosts.Where(h => h["retransmits"]?.Mean >= PerSecond && h.RetransmitShare >= Share).MaxBy(h => h.RetransmitShare) is { } host)
            yield return new(new("finding.retransmits", HostSection.Title(host.Name, model), Figures.Share(host.RetransmitShare), Figures.Rate(host["retransmits"]!.Mean), Figures.Rate(host["retransmits"]!.Peak)), BottleneckClass.Network);
        if (model.Machines.Hosts.Where(h => h["listenDrops"]?.Peak >= PerSecond).MaxBy(h => h["listenDrops"]!.Mean) is { } full)
            yield return new(new("finding.listenDrops", HostSection.Title(full.Name, model), Figures.Count((long)Math.Round(full["listenDrops"]!.Mean * full["listenDrops"]!.Count)), Figures.Rate(full["listenDrops"]!.Peak)), BottleneckClass.System);
    }
}
