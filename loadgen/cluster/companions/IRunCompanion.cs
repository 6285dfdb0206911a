using Pressure.Chaos;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Goes along with a run, from its start to the end of its load, and tells what it does on the run's timeline.</summary>
public interface IRunCompanion
{
    /// <summary>
    /// Begins when the run does. When <paramref name="stop"/> says so the load is over, stopped or ended by a rule: whatever was done to the target is undone,
    /// and it returns. The run waits for that, though not without end. What it throws ends the run as an error.
    /// </summary>
    Task GoAlongAsync(IAccompaniedRun run, CancellationToken stop);
}

/// <summary>A run as its companions see it. Thread-safe.</summary>
public interface IAccompaniedRun : IChaosTimeline
{
    /// <summary>What runs.</summary>
    RunManifest Manifest { get; }

    /// <summary>Its figures over the last seconds.</summary>
    IRunMetrics Metrics { get; }
}
