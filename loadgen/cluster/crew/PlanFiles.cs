using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>Which files a plan names, relative to its folder.</summary>
internal static class PlanFiles
{
    public static IEnumerable<string> Of(LoadPlan plan) => plan.Data.Select(d => d.Name);
}
