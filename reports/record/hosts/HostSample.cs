namespace Pressure.Record;

/// <summary>One second of one host. Shares are 0 to 1 of all cores; rates are per second, over the second that ended at <see cref="At"/>.</summary>
public sealed record HostSample
{
    /// <summary>The host's name as the plan has it; <c>local</c> for the machine that runs the generator.</summary>
    public required string Host { get; init; }

    /// <summary>Offset on the run clock.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>Cores online.</summary>
    public required int Cores { get; init; }

    /// <summary>CPU time by mode.</summary>
    public required CpuShares Cpu { get; init; }

    /// <summary>Load averages over 1, 5 and 15 minutes.</summary>
    public required LoadAverages Load { get; init; }

    /// <summary>Physical memory, in bytes.</summary>
    public required long MemoryTotal { get; init; }

    /// <summary>Memory in use (total minus the kernel's "available"), in bytes.</summary>
    public required long MemoryUsed { get; init; }

    /// <summary>Bytes per second over all interfaces, loopback included.</summary>
    public required ByteRates Network { get; init; }

    /// <summary>Bytes per second over all physical disks.</summary>
    public required ByteRates Disk { get; init; }

    /// <summary>Open sockets (all families in use).</summary>
    public required int Sockets { get; init; }

    /// <summary>How long the sample covers; one second unless the agent is told otherwise. A hole of more than two of them is a gap.</summary>
    public TimeSpan Over { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The host's clock against the run's when the sample was taken; null for the machine that the run itself is on.</summary>
    public ClockEstimate? Clock { get; init; }

    /// <summary>CPU time by mode of each core, in the kernel's order; null where it was not looked at.</summary>
    public IReadOnlyList<CpuShares>? PerCore { get; init; }

    /// <summary>Threads that run or want to (<c>procs_running</c>), and those that wait for a disk (<c>procs_blocked</c>).</summary>
    public RunQueue? RunQueue { get; init; }

    /// <summary>Swap in bytes; null where there is none.</summary>
    public SwapUse? Swap { get; init; }

    /// <summary>Each network interface, loopback included.</summary>
    public IReadOnlyList<InterfaceRates>? Interfaces { get; init; }

    /// <summary>TCP of the host's own network namespace.</summary>
    public TcpFigures? Tcp { get; init; }

    /// <summary>Each physical disk.</summary>
    public IReadOnlyList<DiskRates>? Disks { get; init; }

    /// <summary>Each container that runs on the host.</summary>
    public IReadOnlyList<ContainerSample>? Containers { get; init; }

    /// <summary>Each watched process.</summary>
    public IReadOnlyList<ProcessSample>? Processes { get; init; }

    /// <summary>What the agent itself used.</summary>
    public AgentUse? Agent { get; init; }
}

/// <summary>Shares (0 to 1) of all cores' time.</summary>
/// <param name="User">User code, nice included.</param>
/// <param name="System">Kernel, interrupts included.</param>
/// <param name="IoWait">Idle with disk requests outstanding.</param>
/// <param name="Steal">Taken by the hypervisor.</param>
public readonly record struct CpuShares(double User, double System, double IoWait, double Steal)
{
    /// <summary>Everything but idle and waiting for disks.</summary>
    public double Busy => User + System + Steal;
}

/// <summary>Load averages.</summary>
public readonly record struct LoadAverages(double One, double Five, double Fifteen);

/// <summary>Bytes per second, in and out (read and written for disks).</summary>
public readonly record struct ByteRates(double In, double Out);
