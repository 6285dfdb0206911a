using System.Collections.Concurrent;
using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Web.Runs;

/// <summary>
/// The runs on disk: each folder in the runs folder that holds a manifest. There is no database beside them, so runs of the command line
/// and runs copied here from elsewhere are found too, and deleting a folder deletes the run.
/// </summary>
internal sealed class RunStore(string runsFolder, ActiveRuns active)
{
    private readonly ConcurrentDictionary<string, Stamped<ManifestOrProblem>> _manifests = new();
    private readonly ConcurrentDictionary<string, Stamped<RunSummary?>> _summaries = new();

    /// <summary>All runs, newest first.</summary>
    public IReadOnlyList<RunListing> All() =>
        [.. Directory.EnumerateDirectories(runsFolder).Where(RunFolder.Exists).Select(Listing).OrderByDescending(r => r.StartedAt).ThenBy(r => r.Id, StringComparer.Ordinal)];

    /// <summary>
    /// The run with this id. The id is only ever compared with what the folder's manifests say, never made into a path.
    /// </summary>
    public RunListing? Find(string id) => All().FirstOrDefault(r => r.Id == id);

    private RunListing Listing(string folder)
    {
        var (manifest, problem) = Cached(_manifests, folder, RunFolder.ManifestFile, ReadManifest);
        if (manifest is null)
            return new RunListing(Path.GetFileName(folder), folder, RunState.Unreadable, null, null, problem);

        // In this order: a run that ends in between has its summary by the time it is looked for.
        var runs = active.Find(manifest.Id) is not null;
        var summary = Cached(_summaries, folder, SummaryFile.Name, ReadSummary);
        return new RunListing(manifest.Id, folder, runs ? RunState.Running : StateOf(manifest, summary), manifest, summary, null);
    }

    private static RunState StateOf(RunManifest manifest, RunSummary? summary)
    {
        if (summary is not null)
            return summary.Events.Any(e => e.Kind == "runEnded") ? RunState.Finished : RunState.Interrupted;

        // A run of this process that is not active any more goes on no more, though its process lives.
        return manifest.ProcessId != Environment.ProcessId && RunFolder.IsWriterAlive(manifest) ? RunState.RunningElsewhere : RunState.Interrupted;
    }

    private static ManifestOrProblem ReadManifest(string folder)
    {
        try
        {
            return new ManifestOrProblem(RunFolder.ReadManifest(folder), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new ManifestOrProblem(null, e.Message);
        }
    }

    /// <summary>A summary that can't be understood is as good as none: it is written anew.</summary>
    private static RunSummary? ReadSummary(string folder)
    {
        try
        {
            return SummaryFile.ReadFrom(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>What was read of a file, until the file changes; a missing file has a time of its own.</summary>
    private static T Cached<T>(ConcurrentDictionary<string, Stamped<T>> cache, string folder, string file, Func<string, T> read)
    {
        var written = File.GetLastWriteTimeUtc(Path.Combine(folder, file));
        if (!cache.TryGetValue(folder, out var known) || known.Written != written)
            cache[folder] = known = new Stamped<T>(written, read(folder));
        return known.Value;
    }

    private readonly record struct Stamped<T>(DateTime Written, T Value);

    private readonly record struct ManifestOrProblem(RunManifest? Manifest, string? Problem);
}
