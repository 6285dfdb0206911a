namespace Pressure.Cluster;

/// <summary>How a worker came to its end. A closed set.</summary>
public abstract record WorkerEnding
{
    private WorkerEnding()
    {
    }

    /// <summary>It was told to stop.</summary>
    /// <param name="Undelivered">Seconds of results that it could not deliver; they stay in its folder and are delivered when it starts again.</param>
    public sealed record Stopped(int Undelivered) : WorkerEnding;

    /// <summary>Another worker has its name.</summary>
    public sealed record NameTaken(string Name) : WorkerEnding;

    /// <summary>Its folder can't be used.</summary>
    public sealed record NoFolder(string Why) : WorkerEnding;
}
