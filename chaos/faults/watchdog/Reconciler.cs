using System.Collections.Concurrent;

namespace Pressure.Faults;

/// <summary>Reverts what nobody looks after any more.</summary>
/// <param name="folder">The state folder.</param>
/// <param name="catalogue">Every kind of fault, by the tools that it was applied with.</param>
/// <param name="clock">The clocks.</param>
/// <param name="patience">How long undoing is tried.</param>
public sealed class Reconciler(string folder, Func<FaultTools, IReadOnlyList<IFault>> catalogue, FaultClock clock, UndoPatience? patience = null)
{
    private readonly FaultJournal _journal = new(folder);
    private readonly ExecutorTable _executors = new(folder, clock);
    private readonly ConcurrentDictionary<string, IReadOnlyList<IFault>> _bySocket = new();

    /// <summary>Reverts all orphans, side by side; those that a living process has are left to it.</summary>
    /// <param name="by">Who does it, for <see cref="FaultEnd.By"/>.</param>
    public async Task<IReadOnlyList<FaultEnd>> RevertOrphansAsync(string by)
    {
        var orphans = _journal.Read().OfType<JournalEntry.Known>().Where(k => !k.Held);
        var ends = await Task.WhenAll(orphans.Select(o => RevertAsync(o.Intent.Handle, by)));
        return [.. ends.OfType<FaultEnd>()];
    }

    /// <summary>Reverts one; null if a living process has it, or it is not in the journal (any more).</summary>
    /// <param name="handle">Its handle.</param>
    /// <param name="by">Who does it.</param>
    public async Task<FaultEnd?> RevertAsync(string handle, string by)
    {
        try
        {
            // Let go of also when its executor can't be looked at: it is tried again then.
            using var held = _journal.TryTake(handle);
            if (held is null)
                return null;
            // What its owner has left running must not strike after it is undone. One that lives has let go of this fault alone, and has others.
            if (!ExecutorTable.Lives(_executors.FileOf(held.Intent.Executor)))
                await _executors.BuryAsync(held.Intent.Executor);
            return await new FaultUndo(FaultsOf, _journal, clock, patience ?? new UndoPatience()).UndoAsync(held, by, orphan: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new FaultEnd(handle, new UndoOutcome.Incomplete($"its intent can't be used: {e.Message}", $"See to it, then: pressure chaos revert --handle {handle}"), clock.Now, by);
        }
    }

    private IReadOnlyList<IFault> FaultsOf(FaultIntent intent) =>
        _bySocket.GetOrAdd(intent.DockerSocket.Length > 0 ? intent.DockerSocket : FaultTools.UsualSocket, socket => catalogue(new FaultTools(clock.Time, socket, folder)));
}
