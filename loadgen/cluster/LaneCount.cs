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
            return (int)Math.Clamp(users.Max(s => Math.Max(s.FromUsers, s.ToUsers)) / UsersPerLane, 1, Math.Max(1, Environment.ProcessorCount / 2));
        // How high a search goes nobody knows; a lane that has nothing to do costs nothing.
        if (workload.Load.Search is { } search)
            return Math.Clamp((int)Math.Ceiling((search.To ?? PlanLimits.HighestRate) / RatePerLane), 1, Environment.ProcessorCount);
        var peak = workload.Load.Segments.Max(s => Math.Max(s.FromRate, s.ToRate));
        return Math.Clamp((int)Math.Ceiling(peak / RatePerLane), 1, Environment.ProcessorCount);
    }
}
