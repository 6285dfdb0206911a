using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Samples containers.</summary>
internal sealed class ContainerFigures(KernelFiles files, string proc, TimeProvider time)
{
    /// <summary>Processes of a container that are looked at for its network.</summary>
    private const int MaxTried = 4;

    private readonly string? _ownNetwork = NetworkOf(proc + "/self");

    /// <summary>A sample since the last call; null when there is nothing to compare with yet, or the container is gone.</summary>
    public ContainerSample? Sample(Container container)
    {
        var at = time.GetTimestamp();
        var before = container.Before;
        if (container.Cgroup.Cpu(files) is not { } cpu)
            return null;
        var elapsed = before is null ? default : time.GetElapsedTime(before.At, at);
        if (before is not null && elapsed <= TimeSpan.Zero)
            return null;
        var network = Network(container, before?.Network);
        // Where the network was not to be seen for a moment, its bytes are counted with the next.
        container.Before = new ContainerReading(at, cpu, network ?? before?.Network);
        if (before is null || !container.IsAsked)
            return null;
        var memory = container.Cgroup.Memory(files);
        return new ContainerSample
        {
            Id = container.Id,
            Name = container.Name,
            Service = container.Labels?.Service,
            Cpu = Math.Max(0, (cpu.Used - before.Cpu.Used) / elapsed),
            CpuLimit = container.Cgroup.CpuLimit(files),
            Throttled = Share(KernelText.Passed(cpu.Throttled, before.Cpu.Throttled), KernelText.Passed(cpu.Periods, before.Cpu.Periods)),
            Memory = memory.Used,
            MemoryLimit = memory.Limit,
            Network = network?.BytesSince(before.Network ?? network, elapsed, loopback: false),
            Restarts = container.Labels?.Restarts,
        };
    }

    private static double Share(ulong part, ulong of) => of == 0 ? 0 : Math.Min(1, (double)part / of);

    /// <summary>Its interfaces, seen by a process in it; null if it shares the host's, or none can be seen.</summary>
    private Interfaces? Network(Container container, Interfaces? before)
    {
        if (container.NetworkPid != 0 && Read(container.NetworkPid, before) is { } network)
            return network;
        // A container that starts is on the host's network for a moment, and the process by which it was seen may have ended.
        container.NetworkPid = 0;
        for (var i = 0; i < Math.Min(container.Processes.Count, MaxTried); i++)
        {
            var pid = container.Processes[i];
            if (NetworkOf($"{proc}/{pid}") is not { } space || space == _ownNetwork || Read(pid, before) is not { } seen)
                continue;
            container.NetworkPid = pid;
            return seen;
        }
        return null;
    }

    private Interfaces? Read(int pid, Interfaces? before) =>
        files.Read($"{proc}/{pid}/net/dev") is { IsEmpty: false } text ? Interfaces.Parse(text, before) : null;

    private static string? NetworkOf(string process) => new FileInfo(process + "/ns/net").LinkTarget;
}
