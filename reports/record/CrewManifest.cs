namespace Pressure.Record;

/// <summary>Who made the load of a run over several workers.</summary>
public sealed record CrewManifest
{
    /// <summary>The workers, in the order of the shares that they began with.</summary>
    public required IReadOnlyList<WorkerManifest> Workers { get; init => field = value ?? []; }

    /// <summary>Weights of the shares, in lowest whole numbers: share i has its part of every schedule.</summary>
    public required IReadOnlyList<int> Weights { get; init => field = value ?? []; }

    /// <summary>How often workers told that they were there.</summary>
    public required TimeSpan Heartbeat { get; init; }

    /// <summary>How long a worker went on without hearing of its coordinator.</summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>The share (0 to 1) of asked requests that might go unsent because workers were lost.</summary>
    public required double Tolerance { get; init; }
}

/// <summary>One worker of a run.</summary>
public sealed record WorkerManifest
{
    /// <summary>Its name, unique.</summary>
    public required string Name { get; init => field = value ?? ""; }

    /// <summary>Its region; empty without one.</summary>
    public string Region { get; init => field = value ?? ""; } = "";

    /// <summary>Requests per second that it measured itself to be capable of; 0 if it did not.</summary>
    public double Capacity { get; init; }

    /// <summary>Its clock minus the coordinator's, as measured before the start.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>How far that may be wrong, either way.</summary>
    public TimeSpan ClockUncertainty { get; init; }

    /// <summary>Cores that it sees.</summary>
    public int Cores { get; init; }
}
