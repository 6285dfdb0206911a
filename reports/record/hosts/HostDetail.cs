namespace Pressure.Record;

/// <summary>A host's clock against that of the centre, by round trips: <c>centre = host + Offset</c>, give or take <see cref="Uncertainty"/>.</summary>
/// <param name="Offset">What to add to the host's time to get the centre's.</param>
/// <param name="Uncertainty">Half the shortest round trip of late: the true offset lies no further away than this.</param>
public readonly record struct ClockEstimate(TimeSpan Offset, TimeSpan Uncertainty);

/// <summary>Threads that compete for the cores.</summary>
/// <param name="Running">That run or want to.</param>
/// <param name="Blocked">That wait for a disk.</param>
public readonly record struct RunQueue(int Running, int Blocked);

/// <summary>Swap space in bytes.</summary>
public readonly record struct SwapUse(long Total, long Used);

/// <summary>One network interface; rates per second.</summary>
/// <param name="Name">As the kernel names it.</param>
/// <param name="Bytes">Bytes in and out.</param>
/// <param name="PacketsIn">Packets received.</param>
/// <param name="PacketsOut">Packets sent.</param>
/// <param name="Errors">Packets with errors, both ways.</param>
/// <param name="Dropped">Packets dropped, both ways.</param>
public sealed record InterfaceRates(string Name, ByteRates Bytes, double PacketsIn, double PacketsOut, double Errors, double Dropped);

/// <summary>One physical disk.</summary>
/// <param name="Name">As the kernel names it.</param>
/// <param name="Bytes">Bytes read and written per second.</param>
/// <param name="Reads">Reads per second.</param>
/// <param name="Writes">Writes per second.</param>
/// <param name="Busy">Share (0 to 1) of the time with requests under way.</param>
public sealed record DiskRates(string Name, ByteRates Bytes, double Reads, double Writes, double Busy);

/// <summary>TCP connections by state, and what the protocol had to repair; rates per second.</summary>
public sealed record TcpFigures
{
    /// <summary>Connections by state as the kernel counts them: <c>established</c>, <c>synSent</c>, <c>timeWait</c>, <c>closeWait</c>, <c>listen</c>, ...; none that is 0.</summary>
    public required IReadOnlyDictionary<string, int> States { get; init; }

    /// <summary>Segments sent, retransmits included.</summary>
    public double SegmentsOut { get; init; }

    /// <summary>Segments sent again.</summary>
    public double Retransmits { get; init; }

    /// <summary>Connections refused because a listener's queue was full.</summary>
    public double ListenDrops { get; init; }
}

/// <summary>One container over the time of its host's sample.</summary>
public sealed record ContainerSample
{
    /// <summary>Its id, 12 hex digits or the cgroup's own name.</summary>
    public required string Id { get; init; }

    /// <summary>Its name; the id where nobody tells one.</summary>
    public required string Name { get; init; }

    /// <summary>The service it belongs to by its labels (<c>pressure.service</c>, else that of Compose or Kubernetes); null if it has none.</summary>
    public string? Service { get; init; }

    /// <summary>Cores kept busy (1.0 = one core).</summary>
    public required double Cpu { get; init; }

    /// <summary>Cores that it may use; null for all.</summary>
    public double? CpuLimit { get; init; }

    /// <summary>Share (0 to 1) of the scheduler's periods in which it was held back by that limit.</summary>
    public double Throttled { get; init; }

    /// <summary>Memory in bytes without page cache that can be given back.</summary>
    public required long Memory { get; init; }

    /// <summary>Bytes of memory that it may use; null for all.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Bytes per second over its interfaces, loopback not included; null if it has no network of its own.</summary>
    public ByteRates? Network { get; init; }

    /// <summary>How often it has been started anew; null where nobody tells.</summary>
    public int? Restarts { get; init; }
}

/// <summary>One watched process over the time of its host's sample.</summary>
public sealed record ProcessSample
{
    /// <summary>Its id in the host's own pid namespace.</summary>
    public required int Pid { get; init; }

    /// <summary>What people call it: the program that a runtime runs (<c>orders.dll</c> is <c>orders</c>, <c>java -jar item.jar</c> is <c>item</c>), else its command.</summary>
    public required string Name { get; init; }

    /// <summary>Name of its container, if it is in one.</summary>
    public string? Container { get; init; }

    /// <summary>The service it belongs to, by its container's labels; null if nobody says.</summary>
    public string? Service { get; init; }

    /// <summary>Cores kept busy (1.0 = one core).</summary>
    public required double Cpu { get; init; }

    /// <summary>Resident memory in bytes.</summary>
    public required long Rss { get; init; }

    /// <summary>Threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Open descriptors; null where the agent may not look.</summary>
    public int? Descriptors { get; init; }

    /// <summary>Its runtime's memory over this time; null if it has no garbage collector that is listened to.</summary>
    public GcRates? Gc { get; init; }
}

/// <summary>A runtime's memory over the time of a sample.</summary>
/// <param name="Allocated">Bytes allocated per second; null where the runtime does not tell.</param>
/// <param name="PauseShare">Share (0 to 1) of the time in which the whole process was stopped for collections.</param>
/// <param name="Heap">Bytes of the heap in use after the last collection; null before the first.</param>
public readonly record struct GcRates(double? Allocated, double PauseShare, long? Heap);

/// <summary>What an agent itself used.</summary>
/// <param name="Cpu">Cores kept busy (1.0 = one core).</param>
/// <param name="Rss">Resident memory in bytes.</param>
/// <param name="Dropped">Samples and events that found no room in its buffer, since it started.</param>
public readonly record struct AgentUse(double Cpu, long Rss, long Dropped = 0);
