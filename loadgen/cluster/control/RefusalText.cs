using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>Why a run can't be changed so, and what to do, for people.</summary>
public static class RefusalText
{
    /// <summary>Two English sentences.</summary>
    public static (string Problem, string Remedy) Of(SteeringRefusal why) => why switch
    {
        SteeringRefusal.Over => ("The load of this run is over, or about to be.", "Start another run."),
        SteeringRefusal.UsersHaveNoRate => ("This run has users, who ask for no rate.", "Change the number of users: users 50."),
        SteeringRefusal.RateHasNoUsers => ("This run asks for a rate and has no users.", "Change the rate: rate 500/s."),
        SteeringRefusal.RateOutOfRange => ($"That is more than {PlanLimits.HighestRate:N0} requests per second at some time of the run.", "Write a lower rate."),
        SteeringRefusal.UsersOutOfRange => ($"That is more than {PlanLimits.MostUsers:N0} users.", "Write a lower number."),
        SteeringRefusal.TooManyRequests => ($"At this rate the rest of the run would be more than {PlanLimits.MostRequests:N0} requests.", "Write a lower rate."),
        SteeringRefusal.TooManyChanges => ($"This run has been changed {Steering.MostChanges:N0} times, which is the most.", "Stop it and start another run."),
        SteeringRefusal.Searching => ("This run is a capacity search, which steers the load by itself.", "Let it end, or stop it."),
        SteeringRefusal.Replaying => ("This run replays captured traffic, which says itself when each request is due.", "Let it end, or end it; another speed or rate is another replay."),
        _ => throw new ArgumentOutOfRangeException(nameof(why), why, null),
    };
}
