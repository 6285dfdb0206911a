namespace Pressure.Faults;

/// <summary>How long undoing is tried before it is said that something is left; it is tried on after that.</summary>
public sealed record UndoPatience
{
    /// <summary>Attempts before it is said.</summary>
    public int Attempts { get; init; } = FaultJournal.SaidAfter;

    /// <summary>Time limit of an attempt.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait after the first attempt; twice as long after each further one.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Wait before an orphan is looked at a second time: what its owner had under way when it died, in the kernel or a container engine, is done by then.
    /// </summary>
    public TimeSpan SecondLook { get; init; } = TimeSpan.FromMilliseconds(300);
}
