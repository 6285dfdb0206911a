using Pressure.Record;

namespace Pressure.LoadGen;

/// <summary>
/// A plan made ready to run: iterations, not requests, are scheduled. The plan's rate counts requests per second, so iterations start
/// at that rate divided by the mean number of requests per iteration (by weight).
/// </summary>
/// <param name="Plan">The plan.</param>
/// <param name="Starts">Intended starts of iterations.</param>
/// <param name="Mix">Which scenario each iteration runs.</param>
/// <param name="Load">The load for the manifest: segments in requests per second, total requests, page-view arithmetic.</param>
public sealed record Workload(LoadPlan Plan, Schedule Starts, ScenarioMix Mix, LoadManifest Load)
{
    /// <summary>Works out a plan's schedule.</summary>
    public static Workload Of(LoadPlan plan) => throw new NotImplementedException();

    /// <summary>The plan's requests for the manifest, each with its share of all requests.</summary>
    public IReadOnlyList<RequestManifest> Requests() => throw new NotImplementedException();
}
