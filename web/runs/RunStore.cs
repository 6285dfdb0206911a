using System.Collections.Concurrent;
using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Web.Runs;

/// <summary>
/// The runs on disk: each folder in the runs folder that holds a manifest. There is no database beside them, so runs of the command line
/// and runs copied here from elsewhere are found too, and deleting a folder deletes the run.
/// </summary>
/// <param name="runsFolder">The folder of runs.</param>
/// <param name="active">The runs that go on in this service.</param>
/// <param name="writtenElsewhere">Whether another node writes a run of this name right now; null if it is none of theirs.</param>
internal sealed class RunStore(string runsFolder, ActiveRuns active, Func<string, bool?>? writtenElsewhere = null)
{
    private readonly ConcurrentDictionary<string, Stamped<ManifestOrProblem>> _manifests = new();
    private readonly ConcurrentDictionary<string, Stamped<RunSummary?>> _summaries = new();

    /// <summary>All runs, newest first.</summary>
    public IEnumerable<RunListing> All() => Sorted().Select(Listing);

    /// <summary>One page of all runs, newest first; the nearest there is for a number beyond the last. Summaries of other pages are not looked at.</summary>
    public RunPage Page(int number, int size)
    {
        var all = Sorted();
        var pages = Math.Max(1, (all.Count + size - 1) / size);
        var shown = Math.Clamp(number, 1, pages);
        return new RunPage([.. all.Skip((shown - 1) * size).Take(size).Select(Listing)], shown, pages, all.Count);
    }

    /// <summary>
    /// The run with this id. The id is only ever compared with what the folder's manifests say, never made into a path.
    /// </summary>
    public RunListing? Find(string id) => Found().Where(f => f.Id == id).Select(Listing).FirstOrDefault();

    private List<FoundRun> Sorted()
    {
        var found = Found().ToList();
        Forget(found);
        return [.. found.OrderByDescending(f => f.Manifest?.StartedAt ?? DateTimeOffset.MinValue).ThenBy(f => f.Id, StringComparer.Ordinal)];
    }

    private IEnumerable<FoundRun> Found() =>
        from folder in Directory.EnumerateDirectories(runsFolder)
        where RunFolder.Exists(folder)
        let manifest = Cached(_manifests, folder, RunFolder.ManifestFile, ReadManifest)
        select new FoundRun(folder, manifest.Manifest, manifest.Problem);

    /// <summary>Lets go of what is known of folders that are gone.</summary>
    private void Forget(List<FoundRun> found)
    {
        if (_manifests.Count <= found.Count)
            return;
        var there = found.Select(f => f.Folder).ToHashSet();
        foreach (var folder in _manifests.Keys.Where(f => !there.Contains(f)))
        {
            _manifests.TryRemove(folder, out _);
            _summaries.TryRemove(folder, out _);
        }
    }

    private RunListing Listing(FoundRun found)
    {
        var (folder, manifest, problem) = found;
        if (manifest is null)
            return new RunListing(found.Id, folder, RunState.Unreadable, null, null, problem);

        // In this order: a run that ends in between has its summary by the time it is looked for.
        var runs = active.Find(manifest.Id) is not null;
        var summary = Cached(_summaries, folder, SummaryFile.Name, ReadSummary);
        return new RunListing(manifest.Id, folder, runs ? RunState.Running : StateOf(folder, manifest, summary), manifest, summary, null);
    }

    private RunState StateOf(string folder, RunManifest manifest, RunSummary? summary)
    {
        if (summary is not null)
            return summary.Events.Any(e => e.Kind == "runEnded") ? RunState.Finished : RunState.Interrupted;

        // The manifest names a process of that node's machine, which says nothing here.
        if (writtenElsewhere?.Invoke(Path.GetFileName(folder)) is { } goesOn)
            return goesOn ? RunState.RunningElsewhere : RunState.Interrupted;

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
            return SummaryFile.ReadFrom(folder) is { } whole ? Slim(whole) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Thousands of them are kept: only what lists and the run's page show. The whole is in the file.</summary>
    private static RunSummary Slim(RunSummary whole) =>
        whole with { ByRequest = [], ByService = [], Hosts = [], Events = [.. whole.Events.Where(e => e.Kind == "runEnded")] };

    /// <summary>What was read of a file, until the file changes; a missing file has a time of its own.</summary>
    private static T Cached<T>(ConcurrentDictionary<string, Stamped<T>> cache, string folder, string file, Func<string, T> read)
    {
        var written = File.GetLastWriteTimeUtc(Path.Combine(folder, file));
        if (!cache.TryGetValue(folder, out var known) || known.Written != written)
            cache[folder] = known = new Stamped<T>(written, read(folder));
        return known.Value;
    }

    private readonly record struct FoundRun(string Folder, RunManifest? Manifest, string? Problem)
    {
        public string Id => Manifest?.Id ?? Path.GetFileName(Folder);
    }

    private readonly record struct Stamped<T>(DateTime Written, T Value);

    private readonly record struct ManifestOrProblem(RunManifest? Manifest, string? Problem);
}
