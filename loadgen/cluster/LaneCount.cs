using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>How many event loops make a load. One is enough for most, and leaves the other cores to the target and to this process.</summary>
internal static class LaneCount
{
    private const double RatePerLane = 20_000;
    private const double UsersPerLane = 50;

    public static int For(Workload workload)
    {
        if (workload.Load.Users is { Count: > 0 } users)
            return ForUsers(users.Max(s => Math.Max(s.FromUsers, s.ToUsers)));
        // How high a search goes nobody knows; a lane that has nothing to do costs nothing.
        if (workload.Load.Search is { } search)
            return Math.Clamp((int)Math.Ceiling((search.To ?? PlanLimits.HighestRate) / RatePerLane), 1, Environment.ProcessorCount);
        if (workload.Plan.Load is Load.Replay { Order: { IsAsFastAsPossible: true, Connections: var clients } })
            return ForUsers(clients);
        // Of a replay nobody may know before how much it asks for.
        var peak = workload.Load.Segments.Select(s => Math.Max(s.FromRate, s.ToRate)).DefaultIfEmpty().Max();
        return Math.Clamp((int)Math.Ceiling(peak / RatePerLane), 1, Environment.ProcessorCount);
    }

    private static int ForUsers(int users) => (int)Math.Clamp(users / UsersPerLane, 1, Math.Max(1, Environment.ProcessorCount / 2));
}
