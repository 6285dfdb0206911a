using System.Text.Json.Serialization;

namespace Pressure.Record;

/// <summary>One garbage collection (or one stop of threads that wait for one) of a process.</summary>
public sealed record GcEvent
{
    /// <summary>The host's name as the plan has it.</summary>
    public required string Host { get; init; }

    /// <summary>Name of the process, as its <see cref="ProcessSample"/> has it.</summary>
    public required string Process { get; init; }

    /// <summary>Its id in the host's own pid namespace.</summary>
    public required int Pid { get; init; }

    /// <summary>Name of its container, if it is in one.</summary>
    public string? Container { get; init; }

    /// <summary>The service it belongs to; null if nobody says.</summary>
    public string? Service { get; init; }

    /// <summary>Which runtime.</summary>
    public required GcRuntime Runtime { get; init; }

    /// <summary>The collector as the runtime names it: <c>G1</c>, <c>Parallel</c>, <c>Serial</c>, <c>CMS</c>, <c>ZGC</c>, <c>Shenandoah</c>, <c>.NET</c>; <c>unknown</c> if it says nothing that we know.</summary>
    public required string Collector { get; init; }

    /// <summary>When it began, as an offset on the run clock; from an agent the same on the agent's clock.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>The runtime's own number of the collection; null if it has none.</summary>
    public long? Number { get; init; }

    /// <summary>What was collected, or why threads stood still.</summary>
    public required GcKind Kind { get; init; }

    /// <summary>Why, in the runtime's words (<c>AllocSmall</c>, <c>Allocation Failure</c>); empty if it does not tell.</summary>
    public string Reason { get; init; } = "";

    /// <summary>How long the process's threads stood still because of it, in all; zero if they did not.</summary>
    public required TimeSpan Pause { get; init; }

    /// <summary>From its begin to its end; longer than the pause where it goes on beside the program.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Bytes in use before and after, and those taken from the system; null where the runtime does not tell.</summary>
    public long? HeapBefore { get; init; }

    /// <inheritdoc cref="HeapBefore"/>
    public long? HeapAfter { get; init; }

    /// <inheritdoc cref="HeapBefore"/>
    public long? HeapCommitted { get; init; }

    /// <summary>Bytes by generation (0, 1, 2, large, pinned) after a .NET collection.</summary>
    public IReadOnlyList<long>? Generations { get; init; }

    /// <summary>A collection of the whole heap with all threads stopped.</summary>
    [JsonIgnore]
    public bool IsFull => Kind is GcKind.Full or GcKind.ConcurrentModeFailure || (Kind is GcKind.Gen2 && Pause > TimeSpan.Zero);
}

/// <summary>Runtimes whose collections are listened to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GcRuntime>))]
public enum GcRuntime
{
    /// <summary>.NET, by EventPipe.</summary>
    Dotnet,

    /// <summary>A Java virtual machine, by its log or <c>jstat</c>.</summary>
    Jvm,
}

/// <summary>What a collection is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GcKind>))]
public enum GcKind
{
    /// <summary>Something that we do not know; its pause counts all the same.</summary>
    Unknown,

    /// <summary>.NET: generation 0.</summary>
    Gen0,

    /// <summary>.NET: generations 0 and 1.</summary>
    Gen1,

    /// <summary>.NET: all generations, threads stopped.</summary>
    Gen2,

    /// <summary>.NET: all generations beside the program; its pause is the sum of its short ones.</summary>
    Gen2Background,

    /// <summary>JVM: the young generation.</summary>
    Young,

    /// <summary>JVM: young and part of the old generation (G1).</summary>
    Mixed,

    /// <summary>JVM: the pause that begins a concurrent cycle.</summary>
    InitialMark,

    /// <summary>JVM: the pause that ends marking.</summary>
    Remark,

    /// <summary>JVM: another short pause of a concurrent cycle.</summary>
    Cleanup,

    /// <summary>JVM: a cycle of the old generation beside the program; pauses of it are events of their own.</summary>
    ConcurrentCycle,

    /// <summary>JVM: the whole heap, threads stopped.</summary>
    Full,

    /// <summary>JVM: the concurrent collector lost its race, so the whole heap was collected with threads stopped.</summary>
    ConcurrentModeFailure,

    /// <summary>JVM: threads waited for memory (ZGC's allocation stalls, Shenandoah's and G1's evacuation failures).</summary>
    AllocationStall,
}
