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

    /// <summary>Hosts sampled in this second.</summary>
    public IReadOnlyList<HostPoint> Hosts { get; init; } = [];

    /// <summary>The generator in this second, if sampled.</summary>
    public GeneratorPoint? Generator { get; init; }
}

/// <summary>A host in one second. CPU and memory as shares (0 to 1), rates in bytes per second.</summary>
public sealed record HostPoint(string Name, double User, double System, double IoWait, double Steal, double Load1, double Load5, double Load15, double Memory, double NetworkIn, double NetworkOut, double DiskRead, double DiskWrite, int Sockets);

/// <summary>The generator in one second: cores busy, busiest lane's share, lateness in milliseconds.</summary>
public sealed record GeneratorPoint(double Cpu, double BusiestLane, double LateP50, double LateP99);
