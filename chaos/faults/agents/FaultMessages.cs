namespace Pressure.Faults;

/// <summary>What a controller asks of an agent's host; the command says what is meant.</summary>
public sealed record FaultAsk
{
    /// <summary>The executor that is meant, as <c>fault.open</c> gave it.</summary>
    public string? Session { get; init; }

    /// <summary>How long faults outlive the loss of the controller, for <c>fault.open</c>.</summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>The fault that is meant.</summary>
    public string? Handle { get; init; }

    /// <summary>What is to be started.</summary>
    public FaultOrder? Order { get; init; }

    /// <summary>Faults whose end is waited for.</summary>
    public IReadOnlyList<string>? Handles { get; init; }

    /// <summary>What kind of thing is to be listed.</summary>
    public TargetKind? Kind { get; init; }
}

/// <summary>What an agent answers.</summary>
public sealed record FaultTold
{
    /// <summary>The executor.</summary>
    public string? Session { get; init; }

    /// <summary>How a start went.</summary>
    public FaultStart? Start { get; init; }

    /// <summary>How faults ended that have.</summary>
    public IReadOnlyList<FaultEnd>? Ends { get; init; }

    /// <summary>Faults in the host's journal.</summary>
    public IReadOnlyList<FaultIntent>? Faults { get; init; }

    /// <summary>What there is to be struck.</summary>
    public IReadOnlyList<InventoryItem>? Items { get; init; }
}

/// <summary>Something on a host that can be struck.</summary>
/// <param name="Target">This instance of it.</param>
/// <param name="Name">Its name, as selectors match it.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Image">Its image; empty if it has none.</param>
/// <param name="Pid">Its first process; 0 if unknown.</param>
/// <param name="Running">Whether it runs.</param>
public sealed record InventoryItem(FaultTarget Target, string Name, IReadOnlyDictionary<string, string> Labels, string Image, int Pid, bool Running);
