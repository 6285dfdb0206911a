namespace Pressure.LoadGen;

/// <summary>An experiment that runs beside the load. What stands in its file is nobody's business here.</summary>
/// <param name="File">Path of its file, or its name where experiments are kept by name.</param>
/// <param name="At">When it begins, on the run clock.</param>
public sealed record PlannedExperiment(string File, TimeSpan At)
{
    /// <summary>Its file as the plan names it, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Where the plan names it: line and column from 1, and the field.</summary>
    public required (int Line, int Column, string Field) Place { get; init; }
}
