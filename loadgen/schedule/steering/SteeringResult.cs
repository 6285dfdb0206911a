namespace Pressure.LoadGen;

/// <summary>What came of a change.</summary>
/// <param name="Refusal">Why it was not made; <see cref="SteeringRefusal.None"/> if it was.</param>
/// <param name="At">From when on it holds, as an offset on the run's clock.</param>
/// <param name="Changed">False when it was so already: nothing was changed.</param>
public readonly record struct SteeringResult(SteeringRefusal Refusal, TimeSpan At = default, bool Changed = false)
{
    /// <summary>Whether the load is now as was wished.</summary>
    public bool IsAccepted => Refusal == SteeringRefusal.None;
}

/// <summary>Why a load can't be changed so.</summary>
public enum SteeringRefusal
{
    /// <summary>It can.</summary>
    None,

    /// <summary>The load is over, or about to be.</summary>
    Over,

    /// <summary>Users ask for no rate.</summary>
    UsersHaveNoRate,

    /// <summary>The load is a rate, which has no users.</summary>
    RateHasNoUsers,

    /// <summary>Below zero, or above <see cref="PlanLimits.HighestRate"/> at some time.</summary>
    RateOutOfRange,

    /// <summary>Below zero, or above <see cref="PlanLimits.MostUsers"/>.</summary>
    UsersOutOfRange,

    /// <summary>The rest of the run would ask for more than <see cref="PlanLimits.MostRequests"/>.</summary>
    TooManyRequests,

    /// <summary>The load has been changed too often: see <see cref="Steering.MostChanges"/>.</summary>
    TooManyChanges,

    /// <summary>A capacity search steers the load; it can only be ended.</summary>
    Searching,

    /// <summary>Captured traffic says when requests are due; it can only be ended.</summary>
    Replaying,
}
