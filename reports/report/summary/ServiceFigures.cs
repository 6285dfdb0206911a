namespace Pressure.Reports;

/// <summary>Figures by service: the requests that press it, joined with the hosts, containers and processes that say that they belong to it.</summary>
internal static class ServiceFigures
{
    public static IReadOnlyList<ServiceSummary> Of(MeasuredRun run, Machines machines, IReadOnlyList<GcSummary> gc) =>
        [.. run.Manifest.Requests.Select(r => r.Service).Concat(machines.Services).Distinct().Select(s => Of(s, run, machines, gc))];

    private static ServiceSummary Of(string name, MeasuredRun run, Machines machines, IReadOnlyList<GcSummary> gc)
    {
        var total = run.Total(r => r.Service == name);
        List<HostTrack> hosts = [.. machines.Hosts.Where(h => h.Service == name)];
        List<ContainerTrack> containers = [.. machines.Containers.Where(c => c.Service == name)];
        List<ProcessTrack> processes = [.. machines.Processes.Where(p => p.Service == name)];
        List<GcSummary> collected = [.. gc.Where(g => g.Service == name)];
        return new(name, total.Sent, total.Ok, total.Failed, run.PerSecond(total.Sent), Durations.Of(total.ResponseTime))
        {
            Hosts = [.. hosts.Select(h => h.Name)],
            Containers = [.. containers.Select(c => c.Name)],
            Processes = [.. processes.Select(p => p.Name)],
            Cpu = Highest([.. hosts.Select(h => h.Spread("busy")), .. containers.Select(c => c.Spread("cpuShare")), .. processes.Select(p => p.Spread("cpuShare"))]),
            Memory = Highest([.. hosts.Select(h => h.Spread("memory")), .. containers.Select(c => c.Spread("memoryShare")), .. processes.Select(p => p.Spread("memoryShare"))]),
            Gc = collected.Count == 0 ? null : new(
                collected.Sum(g => g.Collections), Math.Round(collected.Sum(g => g.PauseTotal), 3), collected.Max(g => g.PauseMax), collected.Sum(g => g.Full), collected.Max(g => g.StoppedShare)),
        };
    }

    private static MeanAndPeak? Highest(IEnumerable<MeanAndPeak?> spreads) => spreads.OfType<MeanAndPeak>().MaxBy(s => s.Peak);
}
