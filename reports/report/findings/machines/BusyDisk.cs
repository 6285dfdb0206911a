namespace Pressure.Reports;

/// <summary>A host whose disk had no time left, or whose cores waited for it.</summary>
internal static class BusyDisk
{
    private const double Busy = 0.9;
    private const double Waiting = 0.2;

    public static IEnumerable<Finding> Find(ReportModel model)
    {
        if (model.Machines.Hosts.Where(h => h["diskBusy"] is { Count: > 0, Mean: >= Busy } || h["ioWait"] is { Count: > 0, Mean: >= Waiting }).MaxBy(h => h["ioWait"]!.Mean) is { } host)
            yield return new(new("finding.disk", HostSection.Title(host.Name, model), Figures.Share(host["ioWait"]!.Mean), host["diskBusy"] is { } busy ? Figures.Share(busy.Mean) : "–"), BottleneckClass.Hardware);
    }
}
