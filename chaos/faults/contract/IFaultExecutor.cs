using System.Text.Json.Serialization;

namespace Pressure.Faults;

/// <summary>
/// Applies faults on one machine for a controller that holds this object: as long as it is there the lease is renewed. When it is disposed of, or its process
/// dies, or nothing is heard of it for longer than the lease, everything that it started is undone.
/// </summary>
public interface IFaultExecutor : IAsyncDisposable
{
    /// <summary>The host that it strikes: <c>local</c>, or an agent's name.</summary>
    string Host { get; }

    /// <summary>Whether it has ended and starts nothing any more: another one is to be opened. How its faults end can still be asked.</summary>
    bool HasEnded => false;

    /// <summary>Journals and applies a fault; returns when it is in force, or was refused or failed (then nothing is left of it).</summary>
    Task<FaultStart> StartAsync(FaultOrder order, CancellationToken stop);

    /// <summary>Undoes a fault before its deadline; returns when that is done. A handle that has ended already gives how it ended.</summary>
    Task<FaultEnd> EndAsync(string handle);

    /// <summary>Undoes all that it started, side by side.</summary>
    Task<IReadOnlyList<FaultEnd>> EndAllAsync();

    /// <summary>Completes when the fault has ended, whoever ended it: deadline, <see cref="EndAsync"/>, halt, watchdog.</summary>
    Task<FaultEnd> EndOf(string handle);
}

/// <summary>How the start of a fault went. A closed set.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "start")]
[JsonDerivedType(typeof(InForce), "inForce")]
[JsonDerivedType(typeof(Refused), "refused")]
[JsonDerivedType(typeof(Failed), "failed")]
public abstract record FaultStart
{
    private FaultStart()
    {
    }

    /// <summary>It is in force.</summary>
    /// <param name="Handle">Its ownership handle.</param>
    /// <param name="AppliedAt">When it began to hold, by the wall clock of the machine that it was applied on.</param>
    /// <param name="Deadline">When it ends by itself.</param>
    public sealed record InForce(string Handle, DateTimeOffset AppliedAt, DateTimeOffset Deadline) : FaultStart;

    /// <summary>It was refused; nothing was touched.</summary>
    public sealed record Refused(string Why, string Remedy) : FaultStart;

    /// <summary>It failed and was undone.</summary>
    /// <param name="Why">What was wrong, an English sentence.</param>
    /// <param name="End">How the undoing went.</param>
    public sealed record Failed(string Why, FaultEnd End) : FaultStart;
}

/// <summary>How a fault ended.</summary>
/// <param name="Handle">Its ownership handle.</param>
/// <param name="Outcome">How the undoing went.</param>
/// <param name="At">When, by the wall clock of the machine that it was applied on.</param>
/// <param name="By">Who ended it: <c>deadline</c>, <c>controller</c>, <c>lost controller</c>, <c>watchdog</c>, <c>halt-all</c>, <c>start</c>, <c>revert</c>, <c>kernel</c>.</param>
public sealed record FaultEnd(string Handle, UndoOutcome Outcome, DateTimeOffset At, string By);
