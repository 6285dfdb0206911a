namespace Pressure.LoadGen;

/// <summary>What a plan that is a text may name, where things are kept by name.</summary>
/// <param name="KeepsExperiment">Whether there is an experiment of a name; null where none are kept.</param>
/// <param name="Captures">The folder of captures; null where none are kept.</param>
internal readonly record struct PlanSurroundings(Func<string, bool>? KeepsExperiment, string? Captures);
