namespace Pressure.Reports;

/// <summary>A host that had little left to give.</summary>
internal static class BusyHost
{
    private const double MeanShare = 0.85;

    public static Sentence? Find(ReportModel model) => model.Summary.Hosts.Where(h => h.Cpu.Mean >= MeanShare).MaxBy(h => h.Cpu.Mean) is { } host
        ? new Sentence("finding.busyHost", HostSection.Title(host.Name, model), Figures.Share(host.Cpu.Mean), Figures.Share(host.Cpu.Peak))
        : null;
}
