using Pressure.Chaos;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Runs experiments beside the load, each at its moment, and several at once if they overlap.</summary>
/// <param name="experiments">What and when.</param>
/// <param name="world">Makes what they reach, telling on the run's timeline and asking for the run's figures.</param>
/// <param name="by">Who runs them.</param>
/// <param name="time">The run's clock.</param>
public sealed class ChaosCompanion(IReadOnlyList<TimedExperiment> experiments, Func<IChaosTimeline, IRunMetrics, Task<ChaosWorld>> world, string by, TimeProvider time) : IRunCompanion
{
    /// <summary>What runs an experiment.</summary>
    internal Func<ChaosWorld, Experiment, string, CancellationToken, Task<ExperimentOutcome>> Runner { get; init; } =
        (reached, experiment, by, stop) => new ExperimentRunner(reached).RunAsync(experiment, by, stop);

    /// <inheritdoc/>
    public async Task GoAlongAsync(IAccompaniedRun run, CancellationToken stop)
    {
        var reached = await world(run, run.Metrics);
        await Task.WhenAll(experiments.Select(e => RunAsync(e, reached, run.Clock, stop)));
    }

    private async Task RunAsync(TimedExperiment planned, ChaosWorld reached, RunClock clock, CancellationToken stop)
    {
        try
        {
            if (planned.At - clock.Now is var ahead && ahead > TimeSpan.Zero)
                await Task.Delay(ahead, time, stop);
        }
        catch (OperationCanceledException)
        {
            // The load ended before its moment came.
            return;
        }
        await Runner(reached, planned.Experiment, by, stop);
    }
}

/// <summary>A checked experiment with the moment of the run at which it begins.</summary>
public sealed record TimedExperiment(Experiment Experiment, TimeSpan At);
