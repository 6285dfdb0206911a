namespace Pressure.LoadGen;

/// <summary>How a load is steered. Immutable.</summary>
/// <param name="Level"><see cref="SteeringChange.ToPlan"/>, <see cref="SteeringChange.ToRate"/>, <see cref="SteeringChange.ToFactor"/> or <see cref="SteeringChange.ToUsers"/>.</param>
/// <param name="IsPaused">Whether nothing starts meanwhile.</param>
/// <param name="FinishedAt">Where the load was ended before its time; null if it was not.</param>
public sealed record SteeringState(SteeringChange Level, bool IsPaused, TimeSpan? FinishedAt)
{
    /// <summary>As planned.</summary>
    public static SteeringState Planned { get; } = new(new SteeringChange.ToPlan(), IsPaused: false, FinishedAt: null);

    /// <summary>What a change at a time makes of it.</summary>
    public SteeringState After(SteeringChange change, TimeSpan at) => change switch
    {
        SteeringChange.Pause => this with { IsPaused = true },
        SteeringChange.Resume => this with { IsPaused = false },
        SteeringChange.Finish => this with { FinishedAt = at },
        SteeringChange.ToFactor { Factor: 1 } => this with { Level = new SteeringChange.ToPlan() },
        _ => this with { Level = change },
    };
}
