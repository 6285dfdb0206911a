namespace Pressure.LoadGen;

/// <summary>Where the experiments are that a plan names: files in its folder, or kept by name.</summary>
/// <param name="Folder">The plan's folder; null when the plan is a text without one, which may not read files.</param>
/// <param name="Keeps">Whether one is kept by this name; null where none are.</param>
internal readonly record struct ExperimentPlace(string? Folder, Func<string, bool>? Keeps)
{
    /// <summary>What is wrong with a name; null if nothing.</summary>
    public Complaint? Complaint(string name) =>
        Folder is { } folder ? File.Exists(Path.Combine(folder, name)) ? null : new($"there is no file '{Shown.Of(name)}'", "Check the path; it counts from the plan's folder.")
        : Keeps is null ? new("experiments can't be read here", "Run the plan as a file from the command line; its experiments lie beside it.")
        : Keeps(name) ? null : new($"no experiment '{Shown.Of(name)}' is kept here", "Name one of those on the page Experiments, without a path.");
}
