using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cluster;

/// <summary>What to run.</summary>
/// <param name="Plan">The checked plan.</param>
/// <param name="PlanText">Its text, kept in the run folder.</param>
/// <param name="Folder">Where to write; null for <c>runs/&lt;time&gt;-&lt;name&gt;</c>.</param>
/// <param name="Hosts">Host samplers.</param>
/// <param name="Reports">What to write at the end.</param>
public sealed record RunRequest(LoadPlan Plan, string PlanText, string? Folder, IReadOnlyList<IHostSource> Hosts, ReportOptions Reports);

/// <summary>
/// Runs plans: schedule, engine, host samples, run folder, live feed, reports. A local run is a cluster run with one share.
/// The command line and the web service drive this same one.
/// </summary>
public sealed class Coordinator(TimeProvider time)
{
    /// <summary>
    /// Creates the run folder and starts the run.
    /// </summary>
    /// <exception cref="IOException">The run folder can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The run folder can't be written.</exception>
    public RunHandle Start(RunRequest request) => throw new NotImplementedException(time.ToString() + request);
}
