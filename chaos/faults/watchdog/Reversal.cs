namespace Pressure.Faults;

/// <summary>
/// Reverts faults from outside, without service and controller: those with a living owner are asked for, and taken by force if that does not do it;
/// orphans are undone here.
/// </summary>
/// <param name="folder">The state folder.</param>
/// <param name="catalogue">Every kind of fault; <see cref="FaultCatalogue.All"/> usually.</param>
/// <param name="clock">The clocks.</param>
/// <param name="patience">How long an undoing is tried.</param>
public sealed class Reversal(string folder, Func<FaultTools, IReadOnlyList<IFault>> catalogue, FaultClock clock, UndoPatience? patience = null)
{
    private static readonly TimeSpan OwnerTakes = TimeSpan.FromSeconds(15), Look = TimeSpan.FromMilliseconds(50);

    private readonly FaultJournal _journal = new(folder);
    private readonly RunningExperiments _asking = new(folder);
    private readonly ExecutorTable _executors = new(folder, clock);
    private readonly Reconciler _reconciler = new(folder, catalogue, clock, patience);

    /// <summary>Reverts, side by side, everything in the journal that is meant; returns when all of it is gone, or is known to stay.</summary>
    /// <param name="meant">Which faults.</param>
    /// <param name="by">Who does it: <c>revert</c>, <c>halt-all</c>.</param>
    public async Task<IReadOnlyList<EndedFault>> RevertAsync(Func<FaultIntent, bool> meant, string by)
    {
        var intents = _journal.Read().OfType<JournalEntry.Known>().Select(k => k.Intent).Where(meant);
        return await Task.WhenAll(intents.Select(async i => new EndedFault(i, await RevertAsync(i, by))));
    }

    private async Task<FaultEnd> RevertAsync(FaultIntent intent, string by)
    {
        var handle = intent.Handle;
        try
        {
            var forced = false;
            for (var start = clock.Time.GetTimestamp(); _journal.Has(handle); await Task.Delay(Look, clock.Time))
            {
                if (await _reconciler.RevertAsync(handle, by) is { } end)
                    return end;
                _asking.AskToStop(handle, by);
                if (clock.Time.GetElapsedTime(start) is var took && took > OwnerTakes && !forced)
                {
                    await _executors.BuryAsync(intent.Executor);
                    forced = true;
                }
                else if (took > 2 * OwnerTakes)
                {
                    return new FaultEnd(handle, Stays(handle), clock.Now, by);
                }
            }
            return _journal.EndOf(handle)?.End ?? new FaultEnd(handle, new UndoOutcome.Undone(), clock.Now, by);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FaultEnd(handle, new UndoOutcome.Incomplete($"it can't be asked for: {e.Message}", $"Run this as the user that {folder} belongs to."), clock.Now, by);
        }
        finally
        {
            Forget(handle);
        }
    }

    private UndoOutcome.Incomplete Stays(string handle) => _journal.LeftOf(handle) is { } left
        ? new(left.What, left.Remedy)
        : new("another process is undoing it and does not come to an end", "Look at it with: pressure chaos status");

    private void Forget(string handle)
    {
        try
        {
            _asking.Forget(handle);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Handles are not used again: it hurts nobody.
        }
    }
}
