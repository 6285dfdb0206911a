using Pressure.Cli.Replay;

namespace Pressure.Cli.Capture;

/// <summary>The file that is to be written.</summary>
internal static class CaptureTarget
{
    /// <summary>Looks whether it may be written; with force, what is there goes.</summary>
    public static void Check(string to, IReadOnlyList<string> sources, bool force, List<OptionProblem> problems)
    {
        if (sources.Any(s => Path.GetFullPath(s) == Path.GetFullPath(to)))
            problems.Add(new("--out", $"{to} is read itself", "Name another file."));
        else if (Directory.Exists(to))
            problems.Add(new("--out", $"{to} is a folder", "Name a file."));
        else if (File.Exists(to) && !force)
            problems.Add(new("--out", $"{to} exists already", "Name another file, or overwrite it with --force."));
        if (Path.GetDirectoryName(Path.GetFullPath(to)) is { } folder && !Directory.Exists(folder))
            problems.Add(new("--out", $"there is no folder {folder}", "Make it, or name another one."));
    }
}
