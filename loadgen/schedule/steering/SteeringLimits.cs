namespace Pressure.LoadGen;

/// <summary>Which changes a load allows.</summary>
internal static class SteeringLimits
{
    /// <summary>Why a change is none for this load, whenever it were made.</summary>
    public static SteeringRefusal Refusal(Workload workload, SteeringChange change) => change switch
    {
        not SteeringChange.Finish when workload.Plan.Load is Load.Replay => SteeringRefusal.Replaying,
        SteeringChange.ToRate or SteeringChange.ToFactor when workload.Users is not null => SteeringRefusal.UsersHaveNoRate,
        SteeringChange.ToUsers when workload.Users is null => SteeringRefusal.RateHasNoUsers,
        SteeringChange.ToUsers { Users: < 0 or > PlanLimits.MostUsers } => SteeringRefusal.UsersOutOfRange,
        SteeringChange.ToRate { Rate: var rate } when rate.Count < 0 || rate.Per <= TimeSpan.Zero || rate.PerSecond > PlanLimits.HighestRate => SteeringRefusal.RateOutOfRange,
        SteeringChange.ToFactor { Factor: var factor } when factor < 0 || (double)factor * Peak(workload) > PlanLimits.HighestRate => SteeringRefusal.RateOutOfRange,
        _ => SteeringRefusal.None,
    };

    /// <summary>Whether the rest of the run would be longer than any run may be.</summary>
    public static bool AsksTooMuch(Workload workload, SteeringState state, TimeSpan at)
    {
        if (state.FinishedAt is not null || workload.Users is not null)
            return false;
        // Every stream tells how many requests of the whole load its starts stand for.
        var order = workload.Streams.Select(s => s.Order).FirstOrDefault(o => o.StartsPerRequest.Numerator > 0);
        return order is not null && SteeredLines.Of(order, state with { IsPaused = false }, at)
            .Sum(line => (double)((line.From + line.To) / order.StartsPerRequest) / 2 * line.Ticks) > PlanLimits.MostRequests;
    }

    private static double Peak(Workload workload) => workload.Load.Segments.Max(s => Math.Max(s.FromRate, s.ToRate));
}
