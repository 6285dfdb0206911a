namespace Pressure.Cluster;

/// <summary>Keeps a worker's folder from growing: of its records the last ones stay.</summary>
internal static class StateCare
{
    /// <summary>Removes the oldest records beyond the number that is kept. What can't be removed stays until the next time.</summary>
    /// <param name="options">The worker.</param>
    /// <param name="inUse">A run that is not removed, however old.</param>
    public static void Prune(WorkerOptions options, string? inUse = null)
    {
        try
        {
            var runs = new DirectoryInfo(StatePlaces.Runs(options.StateFolder));
            if (!runs.Exists)
                return;
            foreach (var old in runs.GetDirectories().Where(r => r.Name != inUse).OrderByDescending(r => r.LastWriteTimeUtc).Skip(options.KeepRuns))
                old.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Tried again with the next run.
        }
    }
}
