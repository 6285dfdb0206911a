namespace Pressure.Cluster;

/// <summary>What a share is at.</summary>
public enum SharePhase
{
    /// <summary>Fetching files, checking, estimating clocks.</summary>
    Preparing,

    /// <summary>Waits for the start.</summary>
    Ready,

    /// <summary>Makes load.</summary>
    Pressing,

    /// <summary>The load is over, results are under way.</summary>
    Delivering,

    /// <summary>Nothing is left to do.</summary>
    Done,
}

/// <summary>How one share stands.</summary>
/// <param name="Run">The run.</param>
/// <param name="Share">The share, from 0.</param>
/// <param name="Epoch">Which time it is given away.</param>
/// <param name="Phase">What it is at.</param>
/// <param name="Rate">Requests sent in the last closed second.</param>
/// <param name="Seconds">Seconds recorded.</param>
/// <param name="Undelivered">Of those, how many the coordinator does not have yet.</param>
public sealed record ShareStatus(string Run, int Share, int Epoch, SharePhase Phase, long Rate, int Seconds, int Undelivered);

/// <summary>How a worker stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CutOff">How long the bus has been away; null while it is there.</param>
/// <param name="IsLeaving">Whether it was told to stop.</param>
/// <param name="Shares">What it has to do, in order of share.</param>
public sealed record WorkerStatus(string Name, TimeSpan? CutOff, bool IsLeaving, IReadOnlyList<ShareStatus> Shares);
