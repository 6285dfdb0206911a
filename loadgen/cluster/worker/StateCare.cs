namespace Pressure.Cluster;

/// <summary>Keeps a worker's folder from growing: of its records the last ones stay.</summary>
internal static class StateCare
{
    /// <summary>Removes the oldest records beyond the number that is kept. What can't be removed stays until the next time.</summary>
    /// <param name="options">The worker.</param>
    /// <param name="inUse">Runs that are not removed, however old.</param>
    public static void Prune(WorkerOptions options, IReadOnlyCollection<string> inUse)
    {
        try
        {
            var runs = new DirectoryInfo(StatePlaces.Runs(options.StateFolder));
            if (!runs.Exists)
                return;
            foreach (var old in runs.GetDirectories().Where(r => !inUse.Contains(r.Name)).OrderByDescending(r => r.LastWriteTimeUtc).Skip(options.KeepRuns))
                old.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Tried again with the next run.
        }
    }
}
