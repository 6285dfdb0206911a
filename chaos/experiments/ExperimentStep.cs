namespace Pressure.Chaos;

/// <summary>Something that an experiment has come to, for people who watch.</summary>
/// <param name="Phase">Where it is.</param>
/// <param name="Name">The activity's name; empty for the phase itself.</param>
/// <param name="State">What happens.</param>
/// <param name="Note">What it gave, or why it failed; empty if there is nothing to say.</param>
public sealed record ExperimentStep(ExperimentPhase Phase, string Name, StepState State, string Note = "");

/// <summary>Where an experiment is.</summary>
public enum ExperimentPhase
{
    /// <summary>The hypothesis is asked before anything is done.</summary>
    Before,

    /// <summary>The method.</summary>
    Method,

    /// <summary>Everything is being undone.</summary>
    Undo,

    /// <summary>The hypothesis is asked again.</summary>
    After,

    /// <summary>The rollbacks.</summary>
    Rollbacks,
}

/// <summary>What happens with a step.</summary>
public enum StepState
{
    /// <summary>It begins.</summary>
    Begins,

    /// <summary>It did what it should.</summary>
    Succeeded,

    /// <summary>It did not.</summary>
    Failed,
}
