namespace Pressure.Reports;

/// <summary>A host that moved memory to its disk while the load was on.</summary>
internal static class Swapping
{
    private const double LeastBytes = 64 << 20;

    public static IEnumerable<Finding> Find(ReportModel model)
    {
        var worst = model.Machines.Hosts.Select(h => (Host: h, Grown: Grown(h, model))).Where(h => h.Grown >= LeastBytes).OrderByDescending(h => h.Grown).FirstOrDefault();
        if (worst.Host is { } host)
            yield return new(new("finding.swap", HostSection.Title(host.Name, model), Figures.Bytes(worst.Grown), Figures.Bytes(host["swap"]!.Peak)), BottleneckClass.Hardware);
    }

    private static double Grown(HostTrack host, ReportModel model)
    {
        var measured = host["swap"]?.Known().Where(s => model.Measured.Counts(s.Second)).ToList();
        return measured is [var first, ..] ? measured.Max(s => s.Value) - first.Value : 0;
    }
}
