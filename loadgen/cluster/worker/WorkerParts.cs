namespace Pressure.Cluster;

/// <summary>What all shares of a worker have in common.</summary>
internal sealed record WorkerParts(WorkerOptions Options, FileStore Store, ShareEngine Engine, TimeProvider Time)
{
    /// <summary>Where the record of a share lies.</summary>
    public string FolderOf(string run, HeldShare held) => Path.Combine(StatePlaces.Run(Options.StateFolder, run), $"share-{held.Share}-{held.Epoch}");
}

/// <summary>Where things lie in a worker's folder.</summary>
internal static class StatePlaces
{
    /// <summary>Fetched files.</summary>
    public static string Files(string state) => Path.Combine(state, "files");

    /// <summary>Records of runs.</summary>
    public static string Runs(string state) => Path.Combine(state, "runs");

    /// <summary>Records of one run.</summary>
    public static string Run(string state, string run) => Path.Combine(Runs(state), run);

    /// <summary>Held by the worker that uses the folder.</summary>
    public static string Lock(string state) => Path.Combine(state, "lock");
}
