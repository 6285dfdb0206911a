namespace Pressure.Reports;

/// <summary>Hosts that had little CPU left to give, and what took it.</summary>
internal static class BusyHost
{
    private const double MeanShare = 0.85;

    /// <summary>From here on a hypervisor that takes time away is worth a word, however busy the host is.</summary>
    private const double Stolen = 0.1;

    public static IEnumerable<Finding> Find(ReportModel model)
    {
        var busy = model.Machines.Hosts.Where(h => h["busy"] is { Count: > 0, Mean: >= MeanShare }).OrderByDescending(h => h["busy"]!.Mean).ToList();
        foreach (var host in busy.Take(3))
        {
            var said = new Sentence("finding.busyHost", HostSection.Title(host.Name, model), Figures.Share(host["busy"]!.Mean), Figures.Share(host["busy"]!.Peak));
            yield return host["system"]!.Mean > host["user"]!.Mean
                ? new(new("finding.busyKernel", said, Figures.Share(host["system"]!.Mean)), BottleneckClass.System)
                : new(said, BottleneckClass.Hardware);
        }
        if (model.Machines.Hosts.Where(h => h["steal"] is { Count: > 0, Mean: >= Stolen }).MaxBy(h => h["steal"]!.Mean) is { } robbed)
            yield return new(new("finding.stolen", HostSection.Title(robbed.Name, model), Figures.Share(robbed["steal"]!.Mean)), BottleneckClass.Hardware);
    }
}
