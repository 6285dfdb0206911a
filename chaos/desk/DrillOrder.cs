namespace Pressure.Chaos;

/// <summary>A drill that somebody wants.</summary>
/// <param name="Experiment">Name of the kept experiment; empty if <paramref name="Text"/> is none of them.</param>
/// <param name="Text">The experiment's text; null for that of the kept one.</param>
/// <param name="By">Who: <c>API</c>, <c>web page</c>, <c>schedule nightly</c>.</param>
/// <param name="Schedule">The schedule that began it; null if none did.</param>
public sealed record DrillOrder(string Experiment, string? Text, string By, string? Schedule = null);

/// <summary>What came of an order. A closed set.</summary>
public abstract record DrillStart
{
    private DrillStart()
    {
    }

    /// <summary>It runs.</summary>
    public sealed record Started(RunningDrill Drill) : DrillStart;

    /// <summary>There is no experiment of this name.</summary>
    public sealed record NoSuchExperiment : DrillStart;

    /// <summary>The experiment is not right.</summary>
    public sealed record Invalid(IReadOnlyList<ExperimentProblem> Problems) : DrillStart;

    /// <summary>The same experiment is running, or as many drills as may run at once.</summary>
    public sealed record Busy(IReadOnlyList<RunningDrill> Drills, string Why) : DrillStart;

    /// <summary>The global stop is in force.</summary>
    public sealed record Halted(string Why) : DrillStart;

    /// <summary>The service is about to end.</summary>
    public sealed record Closing : DrillStart;

    /// <summary>The run folder can't be written.</summary>
    public sealed record NotWritable(string Why) : DrillStart;
}
