namespace Pressure.Reports;

/// <summary>Finds the browser that prints.</summary>
internal static class Chromium
{
    /// <summary>Names an executable to use instead of what is on the path.</summary>
    public const string Variable = "PRESSURE_CHROMIUM";

    private static readonly string[] Commands = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>The executable's path, or why there is none and what to do.</summary>
    public static (string? Path, string? Problem) Find(Func<string, string?> environment)
    {
        if (environment(Variable) is { Length: > 0 } named)
            return File.Exists(named) ? (named, null) : (null, $"{Variable} names '{named}', which does not exist. Correct or unset it, then run 'pressure report' on the folder again.");
        var found = (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Commands.Select(command => Path.Combine(folder, command)))
            .FirstOrDefault(File.Exists);
        return found is null
            ? (null, $"No Chromium was found to print the PDF. Install it (apt-get install chromium) or name one in {Variable}, then run 'pressure report' on the folder again.")
            : (found, null);
    }
}
