using Pressure.Cluster;
using Pressure.Record;

namespace Pressure.Cli;

/// <summary>Which running test is meant: by its folder, by its id, or the only one there is.</summary>
/// <param name="Folder">Its run folder; null when there is none or more than one.</param>
/// <param name="Problem">Why there is none.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record RunningTest(string? Folder, string Problem = "", string Remedy = "")
{
    public static RunningTest Find(string? named, string runsFolder)
    {
        if (named is not null && RunFolder.Exists(named))
            return new(named);
        if (named is not null)
            return ById(named, runsFolder);
        return RunControl.Running(runsFolder) switch
        {
            [var only] => new(only.Folder),
            [] => new(null, $"No test is running in {runsFolder}.", "Name the folder of a test that runs elsewhere: --run DIR; or the folder of the runs: --runs DIR."),
            var several => new(null, $"{several.Count} tests are running in {runsFolder}.", $"Say which: {string.Join(" or ", several.Select(r => $"--run {r.Manifest.Id}"))}."),
        };
    }

    private static RunningTest ById(string id, string runsFolder)
    {
        if (RunControl.Running(runsFolder).FirstOrDefault(r => r.Manifest.Id == id) is { Folder: not null } found)
            return new(found.Folder);
        var past = Directory.Exists(runsFolder) && Directory.EnumerateDirectories(runsFolder).Any(folder => Path.GetFileName(folder) == id && RunFolder.Exists(folder));
        return past
            ? new(null, $"The run {id} is over.", "Start another run.")
            : new(null, $"There is no run {id} in {runsFolder}.", "Name a run id or a run folder; `pressure ctl status` finds the only one that is running.");
    }
}
