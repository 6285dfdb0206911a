using System.Collections.Concurrent;
using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>What an experiment, a monkey or a drill reaches: put together where the program is composed.</summary>
public sealed record ChaosWorld
{
    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where chance comes from.</summary>
    public required Random Random { get; init; }

    /// <summary>What there is to be struck.</summary>
    public required IInventory Inventory { get; init; }

    /// <summary>What is never struck.</summary>
    public required Protection Protection { get; init; }

    /// <summary>Who says whether it may be struck.</summary>
    public required IGuard Guard { get; init; }

    /// <summary>Where what is done is told for good; null where nothing is kept.</summary>
    public IAudit? Audit { get; init; }

    /// <summary>Who applies faults on a host: <c>local</c> or an agent's name.</summary>
    public required Func<string, TimeSpan, CancellationToken, Task<IFaultExecutor>> Executor { get; init; }

    /// <summary>Makes our own probes.</summary>
    public required IProbeFactory Probes { get; init; }

    /// <summary>Where what happens is told.</summary>
    public required IChaosTimeline Timeline { get; init; }

    /// <summary>The state folder, in which running experiments are found by whoever wants to stop them; null where nobody may look.</summary>
    public string? StateFolder { get; init; }

    /// <summary>What the container engine of this machine tells from a moment on; null where it is not heard.</summary>
    public Func<DateTimeOffset, CancellationToken, IAsyncEnumerable<EngineEvent>>? EngineEvents { get; init; }

    /// <summary>What of it was told on the timeline: experiments side by side may strike the same container, and each hears of it.</summary>
    internal ConcurrentDictionary<EngineEvent, bool> ToldOfEngine { get; } = [];
}
