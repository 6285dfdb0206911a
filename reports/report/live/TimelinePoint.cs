namespace Pressure.Reports;

/// <summary>One second of a run in plain figures: what the live page, the console line and the report's charts draw. Milliseconds, shares 0 to 1, bytes per second.</summary>
public sealed record TimelinePoint
{
    /// <summary>Second since the run's start.</summary>
    public required int Second { get; init; }

    /// <summary>Whether it lies in the warm-up.</summary>
    public bool WarmUp { get; init; }

    /// <summary>Requests asked in this second.</summary>
    public required long Asked { get; init; }

    /// <summary>Requests sent.</summary>
    public required long Sent { get; init; }

    /// <summary>Of those sent, requests that began late.</summary>
    public long Late { get; init; }

    /// <summary>Requests not sent.</summary>
    public required long NotSent { get; init; }

    /// <summary>Requests that ended well.</summary>
    public required long Ok { get; init; }

    /// <summary>Requests that failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Response time percentiles; null when nothing ended in this second.</summary>
    public double? P50 { get; init; }

    /// <summary>90th percentile.</summary>
    public double? P90 { get; init; }

    /// <summary>95th percentile.</summary>
    public double? P95 { get; init; }

    /// <summary>99th percentile.</summary>
    public double? P99 { get; init; }

    /// <summary>Maximum.</summary>
    public double? Max { get; init; }

    /// <summary>Service time's 99th percentile.</summary>
    public double? ServiceP99 { get; init; }

    /// <summary>Requests in flight at the end of the second.</summary>
    public int InFlight { get; init; }

    /// <summary>Open connections at the end of the second.</summary>
    public int Connections { get; init; }

    /// <summary>Responses by status in this second.</summary>
    public IReadOnlyDictionary<string, long> Statuses { get; init; } = new Dictionary<string, long>();

    /// <summary>Errors by name in this second.</summary>
    public IReadOnlyDictionary<string, long> Errors { get; init; } = new Dictionary<string, long>();

    /// <summary>Hosts sampled in this second; of many, the busiest.</summary>
    public IReadOnlyList<HostPoint> Hosts { get; init; } = [];

    /// <summary>Their containers; of many, the busiest.</summary>
    public IReadOnlyList<ContainerPoint> Containers { get; init; } = [];

    /// <summary>Collections that were told since the second before, by process and second; of many, the longest.</summary>
    public IReadOnlyList<GcPoint> Gc { get; init; } = [];

    /// <summary>The generator in this second, if sampled.</summary>
    public GeneratorPoint? Generator { get; init; }
}

/// <summary>A host in one second. CPU and memory as shares (0 to 1), rates in bytes per second.</summary>
public sealed record HostPoint(string Name, double User, double System, double IoWait, double Steal, double Load1, double Load5, double Load15, double Memory, double NetworkIn, double NetworkOut, double DiskRead, double DiskWrite, int Sockets)
{
    /// <summary>Everything but idle and waiting for disks.</summary>
    public double Busy { get; init; }

    /// <summary>Load average of one minute by core.</summary>
    public double LoadPerCore { get; init; }

    /// <summary>Threads that run or want to; null where it was not looked at.</summary>
    public int? Running { get; init; }

    /// <summary>Swap in use as a share; null where there is none.</summary>
    public double? SwapShare { get; init; }

    /// <summary>TCP segments sent again per second.</summary>
    public double? Retransmits { get; init; }
}

/// <summary>A container in one second: CPU and memory as shares (0 to 1) of what it may use.</summary>
public sealed record ContainerPoint(string Name, string Host, string? Service, double CpuShare, double Throttled, double? MemoryShare);

/// <summary>What a process's collector did in one second.</summary>
/// <param name="Second">The second in which the pauses began; they may be told some seconds later.</param>
/// <param name="Name">The process.</param>
/// <param name="Host">Its host.</param>
/// <param name="Service">Its service.</param>
/// <param name="Pause">Longest pause, milliseconds.</param>
/// <param name="Full">Longest full collection, milliseconds; null for none.</param>
/// <param name="Count">How many pauses.</param>
public sealed record GcPoint(int Second, string Name, string Host, string? Service, double Pause, double? Full, int Count);

/// <summary>The generator in one second: cores busy, busiest lane's share, lateness in milliseconds.</summary>
public sealed record GeneratorPoint(double Cpu, double BusiestLane, double LateP50, double LateP99);
