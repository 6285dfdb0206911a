namespace Pressure.Reports;

/// <summary>Mean and peak over the seconds of the measured time of which something is known.</summary>
public sealed record MeanAndPeak(double Mean, double Peak);

/// <summary>A host: CPU and memory as shares, network and disk in bytes per second. What was not looked at is null.</summary>
public sealed record HostSummary(string Name, int Cores, MeanAndPeak Cpu, MeanAndPeak Load1, MeanAndPeak Memory, MeanAndPeak Network, MeanAndPeak Disk)
{
    /// <summary>Its agent's labels; empty without an agent.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init => field = value ?? NoLabels; } = NoLabels;

    /// <summary>Load average of one minute by core.</summary>
    public MeanAndPeak? LoadPerCore { get; init; }

    /// <summary>Threads that ran or wanted to.</summary>
    public MeanAndPeak? RunQueue { get; init; }

    /// <summary>Swap in use, bytes.</summary>
    public MeanAndPeak? Swap { get; init; }

    /// <summary>TCP segments sent again.</summary>
    public RetransmitSummary? Retransmits { get; init; }

    /// <summary>Time in which nothing was known of it.</summary>
    public GapSummary Gaps { get; init => field = value ?? NoGaps; } = NoGaps;

    /// <summary>Its containers.</summary>
    public IReadOnlyList<ContainerSummary> Containers { get; init => field = value ?? []; } = [];

    /// <summary>Its watched processes.</summary>
    public IReadOnlyList<ProcessSummary> Processes { get; init => field = value ?? []; } = [];

    private static readonly Dictionary<string, string> NoLabels = [];
    private static readonly GapSummary NoGaps = new(0, 0);
}

/// <summary>Segments sent again per second, and as a share of all that were sent.</summary>
public sealed record RetransmitSummary(double Mean, double Peak, double Share);

/// <summary>How many gaps, and how many seconds in all.</summary>
public sealed record GapSummary(int Count, double Seconds);

/// <summary>A container: CPU in cores, and as a share of its limit or else of its host's cores; memory in bytes, and as a share of its limit or else of its host's.</summary>
public sealed record ContainerSummary(string Name, string Id, string? Service)
{
    /// <summary>Cores kept busy.</summary>
    public required MeanAndPeak Cpu { get; init; }

    /// <summary>The same as a share of what it may use.</summary>
    public required MeanAndPeak CpuShare { get; init; }

    /// <summary>Cores that it may use; null for all.</summary>
    public double? CpuLimit { get; init; }

    /// <summary>Share of the scheduler's periods in which it was held back by that limit.</summary>
    public MeanAndPeak? Throttled { get; init; }

    /// <summary>Bytes.</summary>
    public required MeanAndPeak Memory { get; init; }

    /// <summary>The same as a share of what it may use.</summary>
    public MeanAndPeak? MemoryShare { get; init; }

    /// <summary>Bytes that it may use; null for all.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Bytes per second, both ways.</summary>
    public MeanAndPeak? Network { get; init; }

    /// <summary>How often it has been started anew.</summary>
    public int? Restarts { get; init; }
}

/// <summary>A watched process: CPU in cores, and as a share of what it may use; resident memory in bytes.</summary>
public sealed record ProcessSummary(string Name, int Pid, string? Container, string? Service)
{
    /// <summary>Cores kept busy.</summary>
    public required MeanAndPeak Cpu { get; init; }

    /// <summary>The same as a share of its container's limit, or else of its host's cores.</summary>
    public required MeanAndPeak CpuShare { get; init; }

    /// <summary>Resident memory.</summary>
    public required MeanAndPeak Rss { get; init; }

    /// <summary>The same as a share of its container's limit, or else of its host's memory.</summary>
    public MeanAndPeak? MemoryShare { get; init; }

    /// <summary>Threads.</summary>
    public MeanAndPeak? Threads { get; init; }

    /// <summary>Open descriptors.</summary>
    public MeanAndPeak? Descriptors { get; init; }

    /// <summary>Share of the time in which it was stopped for collections, by second.</summary>
    public MeanAndPeak? GcShare { get; init; }
}

/// <summary>Garbage collection of one process over the measured time, milliseconds.</summary>
public sealed record GcSummary(string Process, string Runtime, long Collections, double PauseTotal, double PauseMax, long Full)
{
    /// <summary>Its host.</summary>
    public string Host { get; init; } = "";

    /// <summary>Its id on the host.</summary>
    public int Pid { get; init; }

    /// <summary>Its container, if it is in one.</summary>
    public string? Container { get; init; }

    /// <summary>The service it belongs to.</summary>
    public string? Service { get; init; }

    /// <summary>The collector.</summary>
    public string Collector { get; init; } = "";

    /// <summary>99th percentile of the pauses.</summary>
    public double PauseP99 { get; init; }

    /// <summary>Longest full collection.</summary>
    public double FullMax { get; init; }

    /// <summary>Share (0 to 1) of the time in which the process was stopped.</summary>
    public double StoppedShare { get; init; }

    /// <summary>Bytes allocated per second; null where the runtime does not tell.</summary>
    public MeanAndPeak? AllocationRate { get; init; }

    /// <summary>Bytes of the heap in use after collections.</summary>
    public MeanAndPeak? Heap { get; init; }

    /// <summary>What happened how often: names of <see cref="Pressure.Record.GcKind"/> in camel case.</summary>
    public IReadOnlyDictionary<string, long> Kinds { get; init; } = new Dictionary<string, long>();

    /// <summary>Cycles of the old generation beside the program.</summary>
    public OldCycleSummary OldCycles { get; init; } = new(0, null, null);

    /// <summary>Times that threads waited for memory, and the longest; these are no pauses of the whole process.</summary>
    public StallSummary Stalls { get; init; } = new(0, 0);
}

/// <summary>How many cycles, seconds from one to the next on average, and how much that varies (standard deviation by mean).</summary>
public sealed record OldCycleSummary(int Count, double? MeanInterval, double? Variation);

/// <summary>How many stalls, and the longest in milliseconds.</summary>
public sealed record StallSummary(long Count, double Max);

/// <summary>
/// One service: its requests, and what works for it. A service that the plan does not press itself has no requests (<see cref="Sent"/> is 0).
/// </summary>
public sealed record ServiceSummary(string Name, long Sent, long Ok, long Failed, double Rate, DurationSummary ResponseTime)
{
    /// <summary>Hosts whose label names the service.</summary>
    public IReadOnlyList<string> Hosts { get; init => field = value ?? []; } = [];

    /// <summary>Containers that belong to it.</summary>
    public IReadOnlyList<string> Containers { get; init => field = value ?? []; } = [];

    /// <summary>Processes that belong to it.</summary>
    public IReadOnlyList<string> Processes { get; init => field = value ?? []; } = [];

    /// <summary>Highest share (0 to 1) of their CPU that any of them reached in a second, with the mean of that one; null if nothing of it was sampled.</summary>
    public MeanAndPeak? Cpu { get; init; }

    /// <summary>The same of memory.</summary>
    public MeanAndPeak? Memory { get; init; }

    /// <summary>Collections of its processes, added up; the longest pause of any; the highest share of time that any was stopped. Null if none was listened to.</summary>
    public ServiceGcSummary? Gc { get; init; }
}

/// <summary>Collections of a service's processes, milliseconds.</summary>
public sealed record ServiceGcSummary(long Collections, double PauseTotal, double PauseMax, long Full, double StoppedShare);
