using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.Reports.Export;

namespace Pressure.Cluster;

/// <summary>Which run to go on with.</summary>
/// <param name="Folder">Its run folder.</param>
/// <param name="Bus">The way to its workers.</param>
/// <param name="Reports">What to write at the end.</param>
public sealed record ResumeRequest(string Folder, IBus Bus, ReportOptions Reports)
{
    /// <summary>Host samplers.</summary>
    public IReadOnlyList<IHostSource> Hosts { get; init; } = [];

    /// <summary>Tell of hosts elsewhere.</summary>
    public IReadOnlyList<IHostFeed> Feeds { get; init; } = [];

    /// <summary>Who goes along from here on, given the plan: those of the coordinator that is gone went with it.</summary>
    public Func<LoadPlan, IReadOnlyList<IRunCompanion>> CompanionsOf { get; init; } = _ => [];

    /// <summary>As in <see cref="RunRequest.Spread"/>.</summary>
    public Func<string, CancellationToken, Task>? Spread { get; init; }

    /// <summary>Are told what is measured while it is.</summary>
    public IReadOnlyList<IRunSink> Sinks { get; init; } = [];
}

/// <summary>A run that goes on, or why it does not.</summary>
/// <param name="Run">The run.</param>
/// <param name="Problems">What stands in the way.</param>
public sealed record Resuming(RunHandle? Run, IReadOnlyList<CrewProblem> Problems);
