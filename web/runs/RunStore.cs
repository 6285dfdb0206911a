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
    private readonly ConcurrentDictionary<string, Cached> _cache = new();

    /// <summary>All runs, newest first.</summary>
    public IReadOnlyList<RunListing> All() =>
        [.. Directory.EnumerateDirectories(runsFolder).Where(RunFolder.Exists).Select(Listing).OrderByDescending(r => r.StartedAt).ThenBy(r => r.Id, StringComparer.Ordinal)];

    /// <summary>
    /// The run with this id. The id is only ever compared with what the folder's manifests say, never made into a path.
    /// </summary>
    public RunListing? Find(string id) => All().FirstOrDefault(r => r.Id == id);

    private RunListing Listing(string folder)
    {
        var files = Read(folder);
        if (files.Manifest is not { } manifest)
            return new RunListing(Path.GetFileName(folder), folder, RunState.Unreadable, null, null, files.Problem);
        return new RunListing(manifest.Id, folder, StateOf(manifest, files.Summary), manifest, files.Summary, null);
    }

    private RunState StateOf(RunManifest manifest, RunSummary? summary)
    {
        if (active.Find(manifest.Id) is not null)
            return RunState.Running;
        if (summary is not null)
            return summary.Events.Any(e => e.Kind == "runEnded") ? RunState.Finished : RunState.Interrupted;

        // A run of this process that is not active any more has ended, though its process lives.
        return manifest.ProcessId != Environment.ProcessId && RunFolder.IsWriterAlive(manifest) ? RunState.RunningElsewhere : RunState.Interrupted;
    }

    private Cached Read(string folder)
    {
        var stamp = (StampOf(folder, RunFolder.ManifestFile), StampOf(folder, SummaryFile.Name));
        if (_cache.TryGetValue(folder, out var known) && known.Stamp == stamp)
            return known;
        return _cache[folder] = ReadFiles(folder, stamp);
    }

    private static Cached ReadFiles(string folder, (long, long) stamp)
    {
        try
        {
            return new Cached(stamp, RunFolder.ReadManifest(folder), SummaryOf(folder), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new Cached(stamp, null, null, e.Message);
        }
    }

    /// <summary>A summary that can't be understood is as good as none: it is written anew.</summary>
    private static RunSummary? SummaryOf(string folder)
    {
        try
        {
            return SummaryFile.ReadFrom(folder);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Changes whenever the file does; a missing file has a time of its own.</summary>
    private static long StampOf(string folder, string name) => File.GetLastWriteTimeUtc(Path.Combine(folder, name)).Ticks;

    private sealed record Cached((long, long) Stamp, RunManifest? Manifest, RunSummary? Summary, string? Problem);
}
