namespace Pressure.Chaos;

/// <summary>What the desk stands on: put together where the program is composed.</summary>
public sealed record DeskParts
{
    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>What a drill reaches, with the timeline that it tells on.</summary>
    public required Func<IChaosTimeline, Task<ChaosWorld>> World { get; init; }

    /// <summary>Where who stops a drill is told.</summary>
    public IAudit? Audit { get; init; }

    /// <summary>Where drills' run folders lie.</summary>
    public required string RunsFolder { get; init; }

    /// <summary>The global stop's words; null if it is not in force.</summary>
    public required Func<string?> Halted { get; init; }

    /// <summary>What guards would say, counting nothing.</summary>
    public required Func<StrikeRequest, CancellationToken, Task<GuardAnswer>> Look { get; init; }

    /// <summary>Writes the reports of a run folder that is over; never throws.</summary>
    public Func<string, Task> Report { get; init; } = _ => Task.CompletedTask;

    /// <summary>Runs an experiment.</summary>
    public Func<ChaosWorld, Experiment, string, CancellationToken, Task<ExperimentOutcome>> Run { get; init; } =
        (world, experiment, by, stop) => new ExperimentRunner(world).RunAsync(experiment, by, stop);
}
