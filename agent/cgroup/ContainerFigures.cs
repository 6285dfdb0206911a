using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Samples containers.</summary>
internal sealed class ContainerFigures(KernelFiles files, string proc, TimeProvider time)
{
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
        container.Before = new ContainerReading(at, cpu, network);
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
        if (container.Pid == 0)
            return null;
        if (container.Network.Pid != container.Pid)
            container.Network = (container.Pid, NetworkOf($"{proc}/{container.Pid}") is { } network && network != _ownNetwork);
        if (!container.Network.IsOwn)
            return null;
        var text = files.Read($"{proc}/{container.Pid}/net/dev");
        return text.IsEmpty ? null : Interfaces.Parse(text, before);
    }

    private static string? NetworkOf(string process) => new FileInfo(process + "/ns/net").LinkTarget;
}
