using Pressure.Chaos;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Runs experiments beside the load, each at its moment, and several at once if they overlap.</summary>
/// <param name="experiments">What and when.</param>
/// <param name="world">Makes what they reach, telling on the run's timeline and asking for the run's figures.</param>
/// <param name="by">Who runs them.</param>
/// <param name="time">The run's clock.</param>
public sealed class ChaosCompanion(IReadOnlyList<TimedExperiment> experiments, Func<IChaosTimeline, IRunMetrics, ChaosWorld> world, string by, TimeProvider time) : IRunCompanion
{
    /// <summary>How long what happened last may take to be heard of.</summary>
    private static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(500);

    /// <summary>Looks on, and goes on until everything is undone; null for nobody.</summary>
    public IRunCompanion? Onlooker { get; init; }

    /// <summary>What runs an experiment.</summary>
    internal Func<ChaosWorld, Experiment, string, CancellationToken, Task<ExperimentOutcome>> Runner { get; init; } =
        (reached, experiment, by, stop) => new ExperimentRunner(reached).RunAsync(experiment, by, stop);

    /// <inheritdoc/>
    public async Task GoAlongAsync(IAccompaniedRun run, CancellationToken stop)
    {
        using var over = new CancellationTokenSource();
        var looking = Onlooker?.GoAlongAsync(run, over.Token) ?? Task.CompletedTask;
        try
        {
            var reached = world(run, run.Metrics);
            await Task.WhenAll(experiments.Select(e => RunAsync(e, reached, run.Clock, stop)));
            // Others may be struck by somebody else, or recover, as long as the load goes on.
            await WaitAsync(Timeout.InfiniteTimeSpan, stop);
            if (Onlooker is not null)
                await WaitAsync(Echo, CancellationToken.None);
        }
        finally
        {
            await over.CancelAsync();
            await looking;
        }
    }

    private async Task RunAsync(TimedExperiment planned, ChaosWorld reached, RunClock clock, CancellationToken stop)
    {
        var ahead = planned.At - clock.Now;
        // The load may end before its moment comes.
        if (ahead <= TimeSpan.Zero || await WaitAsync(ahead, stop))
            await Runner(reached, planned.Experiment, by, stop);
    }

    /// <summary>Whether it waited to the end.</summary>
    private async Task<bool> WaitAsync(TimeSpan span, CancellationToken stop)
    {
        try
        {
            await Task.Delay(span, time, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>A checked experiment with the moment of the run at which it begins.</summary>
public sealed record TimedExperiment(Experiment Experiment, TimeSpan At);
