namespace Pressure.Chaos;

/// <summary>How a schedule stands: what came of its beginnings, and whether it goes on.</summary>
public sealed record ScheduleState
{
    /// <summary>Notes that are kept.</summary>
    public const int Kept = 50;

    /// <summary>Failures in a row, up to now.</summary>
    public int FailuresInRow { get; init; }

    /// <summary>Why it is switched off; null if it is on.</summary>
    public string? Off { get; init; }

    /// <summary>What came of its beginnings, oldest first.</summary>
    public IReadOnlyList<ScheduleNote> Notes { get; init; } = [];

    /// <summary>The state after something came of a beginning. What a guard refused, somebody stopped or another drill was in the way of says nothing of the system.</summary>
    public ScheduleState After(ScheduleNote note, int disableAfter)
    {
        var failures = note.What switch
        {
            ScheduleNoteKind.Held => 0,
            ScheduleNoteKind.Failed => FailuresInRow + 1,
            _ => FailuresInRow,
        };
        var off = note.What == ScheduleNoteKind.Failed && disableAfter > 0 && failures >= disableAfter && Off is null;
        return this with
        {
            FailuresInRow = failures,
            Off = off ? $"{failures} {(failures == 1 ? "failure" : "failures")} in a row; the last: {note.Why}" : Off,
            Notes = [.. Notes.Append(note).TakeLast(Kept)],
        };
    }

    /// <summary>Switched on again, counting anew.</summary>
    public ScheduleState On() => this with { Off = null, FailuresInRow = 0 };
}

/// <summary>What came of a beginning.</summary>
/// <param name="At">When it was to begin.</param>
/// <param name="What">What came of it.</param>
/// <param name="Why">An English sentence; empty if there is nothing to say.</param>
/// <param name="Drill">Id of the drill; null if there was none.</param>
public sealed record ScheduleNote(DateTimeOffset At, ScheduleNoteKind What, string Why, string? Drill = null)
{
    /// <summary>Id of the run with load; null if there was none.</summary>
    public string? Run { get; init; }
}

/// <summary>What can come of a beginning.</summary>
public enum ScheduleNoteKind
{
    /// <summary>To its end, and the steady state held.</summary>
    Held,

    /// <summary>The steady state did not hold, something failed, or something is left over.</summary>
    Failed,

    /// <summary>A guard said no.</summary>
    Refused,

    /// <summary>Somebody stopped it.</summary>
    Stopped,

    /// <summary>The one before was still running.</summary>
    Skipped,

    /// <summary>The service was away or too busy at that moment; it is not made up for.</summary>
    Missed,
}
