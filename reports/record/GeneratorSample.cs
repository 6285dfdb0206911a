namespace Pressure.Record;

/// <summary>One second of the load generator itself, so that its own limits are never taken for the target's.</summary>
public sealed record GeneratorSample
{
    /// <summary>Offset on the run clock.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>Cores kept busy by the generator's process (1.0 = one core).</summary>
    public required double Cpu { get; init; }

    /// <summary>Busy share (0 to 1) of the busiest event loop.</summary>
    public required double BusiestLane { get; init; }

    /// <summary>Median of actual minus intended start.</summary>
    public required TimeSpan LateP50 { get; init; }

    /// <summary>99th percentile of actual minus intended start.</summary>
    public required TimeSpan LateP99 { get; init; }

    /// <summary>Share (0 to 1) of the second's asked requests that were more than those sent in it; 0 where that was not measured.</summary>
    public double Backlog { get; init; }

    /// <summary>The worker that it is of; null in a run without workers.</summary>
    public string? Worker { get; init; }

    /// <summary>Resident memory, in bytes.</summary>
    public required long Memory { get; init; }
}
