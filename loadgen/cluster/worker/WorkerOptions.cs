namespace Pressure.Cluster;

/// <summary>How a worker is set up.</summary>
/// <param name="Name">Unique among the workers of a bus; see <see cref="WorkerName"/>.</param>
/// <param name="StateFolder">A folder of this worker alone: fetched files, and the record of what it made.</param>
public sealed record WorkerOptions(string Name, string StateFolder)
{
    /// <summary>Region label; empty without one.</summary>
    public string Region { get; init; } = "";

    /// <summary>Other labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Requests per second that it measured itself to be capable of; 0 if it did not.</summary>
    public double Capacity { get; init; }

    /// <summary>Version of Pressure; shares of another are refused.</summary>
    public string Version { get; init; } = ProductVersion.Text;

    /// <summary>Bytes of fetched files that are kept for the next run.</summary>
    public long CacheBytes { get; init; } = 20L << 30;

    /// <summary>Records of runs that are kept.</summary>
    public int KeepRuns { get; init; } = 20;

    /// <summary>How often it tells that it is there.</summary>
    public TimeSpan CardEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it waits for an answer before it asks again.</summary>
    public TimeSpan AskAgain { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it tries to deliver results that a bus which is there does not take; how long it waits for a coordinator that is silent.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long it goes on delivering when it was told to stop.</summary>
    public TimeSpan Leaving { get; init; } = TimeSpan.FromSeconds(60);
}
