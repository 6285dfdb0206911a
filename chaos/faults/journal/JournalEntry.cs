namespace Pressure.Faults;

/// <summary>A file of the journal. A closed set.</summary>
public abstract record JournalEntry
{
    private JournalEntry()
    {
    }

    /// <summary>A fault that is in force, or about to be, or could not be undone.</summary>
    /// <param name="Intent">What was intended.</param>
    /// <param name="Held">Whether a living process has it; nobody looks after an orphan but the watchdog.</param>
    /// <param name="Left">What the last undoing left; null if none was tried in vain.</param>
    public sealed record Known(FaultIntent Intent, bool Held, FaultLeft? Left) : JournalEntry;

    /// <summary>A file that says nothing: torn, of another version, or put there by somebody else. It is never removed.</summary>
    /// <param name="Path">Its path.</param>
    /// <param name="Why">An English clause.</param>
    public sealed record Unreadable(string Path, string Why) : JournalEntry;
}

/// <summary>What an undoing in vain left.</summary>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="At">When it was tried last.</param>
/// <param name="What">What is left, an English clause.</param>
/// <param name="Remedy">What a person can do about it.</param>
public sealed record FaultLeft(int Attempts, DateTimeOffset At, string What, string Remedy);

/// <summary>A fault that was.</summary>
/// <param name="Intent">What was intended.</param>
/// <param name="End">How it ended.</param>
public sealed record EndedFault(FaultIntent Intent, FaultEnd End);
