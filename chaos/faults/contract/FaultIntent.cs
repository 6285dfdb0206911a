using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Pressure.Faults;

/// <summary>
/// A fault as it stands in the journal: written and synced before it is applied, kept until it is undone. Whoever has it can undo it.
/// </summary>
public sealed record FaultIntent
{
    /// <summary>Its ownership handle: 12 lower-case hex digits. What the fault leaves in the system bears it where that is possible: <c>pressure:HANDLE</c>.</summary>
    public required string Handle { get; init; }

    /// <summary>Kind of fault.</summary>
    public required string Kind { get; init; }

    /// <summary>What it strikes.</summary>
    public required FaultTarget Target { get; init; }

    /// <summary>Arguments by name.</summary>
    public JsonObject Arguments { get; init; } = [];

    /// <summary>What was there before.</summary>
    public JsonObject Prior { get; init; } = [];

    /// <summary>The experiment that it belongs to; empty if none.</summary>
    public string Experiment { get; init; } = "";

    /// <summary>Who wanted it.</summary>
    public string By { get; init; } = "";

    /// <summary>The executor that owns it, by its file in <c>executors/</c>; empty if it has none. Whoever reverts it makes sure first that it is dead.</summary>
    public string Executor { get; init; } = "";

    /// <summary>The container engine's socket that it was applied through; empty for the usual one.</summary>
    public string DockerSocket { get; init; } = "";

    /// <summary>When it was written.</summary>
    public required DateTimeOffset JournaledAt { get; init; }

    /// <summary>When it ends whatever happens, by the wall clock, for kernels and people.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>The same on the clock that does not jump: since boot (CLOCK_BOOTTIME).</summary>
    public required TimeSpan DeadlineSinceBoot { get; init; }

    /// <summary>The boot that it belongs to (/proc/sys/kernel/random/boot_id): after another one every deadline has passed.</summary>
    public required string BootId { get; init; }
}

/// <summary>How an undoing went. A closed set.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "outcome")]
[JsonDerivedType(typeof(Undone), "undone")]
[JsonDerivedType(typeof(NothingToUndo), "nothingToUndo")]
[JsonDerivedType(typeof(Incomplete), "incomplete")]
public abstract record UndoOutcome
{
    private UndoOutcome()
    {
    }

    /// <summary>What was there before is there again.</summary>
    public sealed record Undone : UndoOutcome;

    /// <summary>There was nothing to put back.</summary>
    /// <param name="Why">An English clause: <c>the container is gone</c>.</param>
    public sealed record NothingToUndo(string Why) : UndoOutcome;

    /// <summary>Something is left; it is tried again, and the run fails.</summary>
    /// <param name="What">What is left, an English clause.</param>
    /// <param name="Remedy">What a person can do about it.</param>
    public sealed record Incomplete(string What, string Remedy) : UndoOutcome;
}
