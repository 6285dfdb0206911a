namespace Pressure.Faults;

/// <summary>
/// Undoes a fault that this process owns: attempt, look for what is left, wait, attempt again; then out of the journal, or a note in it. Nothing cancels it;
/// each attempt has a time limit of its own.
/// </summary>
/// <param name="faults">Every kind that is known, by the tools that an intent was applied with.</param>
/// <param name="journal">The journal.</param>
/// <param name="clock">The clocks.</param>
/// <param name="patience">How long it is tried.</param>
internal sealed class FaultUndo(Func<FaultIntent, IReadOnlyList<IFault>> faults, FaultJournal journal, FaultClock clock, UndoPatience patience)
{
    private static readonly TimeSpan Deaf = TimeSpan.FromSeconds(2);

    /// <summary>Undoes it and lets go of it.</summary>
    /// <param name="held">The intent.</param>
    /// <param name="by">Who ends it.</param>
    /// <param name="orphan">Whether its owner died: then it is looked at twice.</param>
    public async Task<FaultEnd> UndoAsync(HeldIntent held, string by, bool orphan)
    {
        using (held)
        {
            var before = journal.LeftOf(held.Intent.Handle)?.Attempts ?? 0;
            var wait = patience.BackOff;
            for (var attempt = 1; ; attempt++)
            {
                var outcome = await AttemptAsync(held.Intent, orphan);
                var end = new FaultEnd(held.Intent.Handle, outcome, clock.Now, by);
                if (outcome is UndoOutcome.Incomplete left)
                    Note(held, left, before + attempt);
                else if (TryClose(held, end) is { } notClosed)
                    end = end with { Outcome = notClosed };
                if (end.Outcome is not UndoOutcome.Incomplete || attempt >= patience.Attempts)
                    return end;
                await Task.Delay(wait, clock.Time);
                wait *= 2;
            }
        }
    }

    /// <summary>Lets go of one that has touched nothing, and has nothing to undo: what looks like it is somebody else's.</summary>
    /// <param name="held">The intent.</param>
    /// <param name="by">Who ends it.</param>
    public FaultEnd Drop(HeldIntent held, string by)
    {
        using (held)
        {
            var end = new FaultEnd(held.Intent.Handle, new UndoOutcome.NothingToUndo("nothing was touched"), clock.Now, by);
            return TryClose(held, end) is { } notClosed ? end with { Outcome = notClosed } : end;
        }
    }

    private async Task<UndoOutcome> AttemptAsync(FaultIntent intent, bool orphan)
    {
        if (faults(intent).FirstOrDefault(f => f.Description.Kind == intent.Kind) is not { } fault)
            return new UndoOutcome.Incomplete($"this program knows no fault '{intent.Kind}'", "Revert it with the version of the program that applied it: pressure chaos revert.");
        var outcome = await OnceAsync(fault, intent);
        if (!orphan || outcome is UndoOutcome.Incomplete)
            return outcome;
        await Task.Delay(patience.SecondLook, clock.Time);
        return await ResidueAsync(fault, intent) is null ? outcome : await OnceAsync(fault, intent);
    }

    private async Task<UndoOutcome> OnceAsync(IFault fault, FaultIntent intent)
    {
        using var limit = new CancellationTokenSource(patience.Limit, clock.Time);
        UndoOutcome outcome;
        try
        {
            outcome = await HeardAsync(Task.Run(() => fault.UndoAsync(intent, limit.Token)));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            outcome = new UndoOutcome.Incomplete(Why(e, "undoing it"), RemedyOf(intent));
        }
        // What an undoing says is one thing, what is there another.
        return outcome is not UndoOutcome.Incomplete && await ResidueAsync(fault, intent) is { } residue
            ? new UndoOutcome.Incomplete(residue, RemedyOf(intent))
            : outcome;
    }

    private async Task<string?> ResidueAsync(IFault fault, FaultIntent intent)
    {
        using var limit = new CancellationTokenSource(patience.Limit, clock.Time);
        try
        {
            return await HeardAsync(Task.Run(() => fault.ResidueAsync(intent, limit.Token)));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"whether anything is left can't be told: {Why(e, "looking")}";
        }
    }

    /// <summary>What does not listen to its time limit is left behind.</summary>
    private Task<T> HeardAsync<T>(Task<T> work) => work.WaitAsync(patience.Limit + Deaf, clock.Time);

    private string Why(Exception e, string what) => e is OperationCanceledException or TimeoutException ? $"{what} took longer than {patience.Limit.TotalSeconds:0} s" : e.Message.TrimEnd('.');

    private static string RemedyOf(FaultIntent intent) => $"See to what is wrong, then: pressure chaos revert --handle {intent.Handle}";

    private void Note(HeldIntent held, UndoOutcome.Incomplete left, int attempts)
    {
        try
        {
            journal.Note(held, new FaultLeft(attempts, clock.Now, left.What, left.Remedy));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The intent is still there, and that is what counts.
        }
    }

    private UndoOutcome.Incomplete? TryClose(HeldIntent held, FaultEnd end)
    {
        try
        {
            journal.Close(held, end);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new UndoOutcome.Incomplete($"it is undone but stays in the journal: {e.Message}", $"Make {journal.Folder} writable.");
        }
    }
}
