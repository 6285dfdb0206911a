namespace Pressure.Chaos;

/// <summary>What came of a scheduled beginning: its note, once it is over.</summary>
/// <param name="What">What came of it.</param>
/// <param name="Why">An English sentence; empty if there is nothing to say.</param>
/// <param name="Drill">Id of the drill; null if there was none.</param>
public sealed record DrillOutcome(ScheduleNoteKind What, string Why, string? Drill = null)
{
    /// <summary>Id of the run with load; null if there was none.</summary>
    public string? Run { get; init; }
}
