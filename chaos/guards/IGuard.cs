namespace Pressure.Chaos;

/// <summary>Says whether something may be struck now: the global stop, freeze windows, hours, approvals, gaps, budgets, blast radius. Thread-safe.</summary>
public interface IGuard
{
    /// <summary>
    /// Asks all guards at once. A permit has been counted against the budgets already, as one deed: either all its strikes fit or none is counted.
    /// </summary>
    Task<GuardAnswer> AskAsync(StrikeRequest request, CancellationToken stop);

    /// <summary>What it would say now: nothing is counted, asked for or told. A guard that can't tell says only whether everything is halted.</summary>
    Task<GuardAnswer> LookAsync(StrikeRequest request, CancellationToken stop) => Task.FromResult<GuardAnswer>(
        Halted is { } why ? new GuardAnswer.Refused([new("stop", $"Everything is halted: {why}", "Lift the global stop.")]) : new GuardAnswer.Permit());

    /// <summary>Whether everything must stop, and why; null if not. Cheap: asked again and again while faults hold.</summary>
    string? Halted { get; }

    /// <summary>
    /// Tells that what was permitted has ended, before its time or without ever having begun, so that its targets no longer count as under fault. Without
    /// this they do until its duration is over.
    /// </summary>
    Task EndedAsync(GuardAnswer.Permit permit) => Task.CompletedTask;
}

/// <summary>Something that is about to be struck.</summary>
/// <param name="Kind">Kind of fault.</param>
/// <param name="Targets">What is struck.</param>
/// <param name="Matching">Those that it was chosen from.</param>
/// <param name="Duration">For how long.</param>
/// <param name="Experiment">The experiment's title, for approvals.</param>
/// <param name="By">Who.</param>
public sealed record StrikeRequest(string Kind, IReadOnlyList<Candidate> Targets, IReadOnlyList<Candidate> Matching, TimeSpan Duration, string Experiment, string By)
{
    /// <summary>Marked risky by the fault or the experiment.</summary>
    public bool Risky { get; init; }

    /// <summary>The experiment's own limits, besides those of the guards.</summary>
    public ExperimentSettings? Settings { get; init; }

    /// <summary>Others of the same group that are under fault already.</summary>
    public int AlreadyStruck { get; init; }

    /// <summary>The experiment's run: deeds of one run need no gap between them, and use up an approval once. Empty for a deed of its own.</summary>
    public string Run { get; init; } = "";

    /// <summary>A hash of the experiment's document, to which an approval is bound: changed, it needs another. Empty if there is none.</summary>
    public string ExperimentHash { get; init; } = "";
}

/// <summary>What the guards say. A closed set.</summary>
public abstract record GuardAnswer
{
    private GuardAnswer()
    {
    }

    /// <summary>It may be.</summary>
    /// <param name="Deed">What the guards know it by; empty if they keep no book.</param>
    public sealed record Permit(string Deed = "") : GuardAnswer;

    /// <summary>It may not; all reasons at once.</summary>
    public sealed record Refused(IReadOnlyList<GuardRefusal> Reasons) : GuardAnswer;
}

/// <summary>Why a guard said no.</summary>
/// <param name="Guard">Its name: <c>budget</c>, <c>freeze</c>, <c>hours</c>, <c>approval</c>, <c>gap</c>, <c>blast radius</c>, <c>stop</c>; <c>book</c> when what they know can't be read.</param>
/// <param name="Why">An English sentence.</param>
/// <param name="Remedy">What to do, and from when on it would be allowed.</param>
public sealed record GuardRefusal(string Guard, string Why, string Remedy);
