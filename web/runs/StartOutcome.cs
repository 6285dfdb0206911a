using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Web.Runs;

/// <summary>What came of an attempt to start a run. A closed set.</summary>
internal abstract record StartOutcome
{
    private StartOutcome()
    {
    }

    /// <summary>It runs.</summary>
    public sealed record Started(RunListing Run) : StartOutcome
    {
        public string Id => Run.Id;
    }

    /// <summary>The plan is not right.</summary>
    public sealed record Invalid(IReadOnlyList<PlanProblem> Problems) : StartOutcome;

    /// <summary>The guard says no, why, and which hosts it means.</summary>
    public sealed record Refused(IReadOnlyList<string> Reasons, IReadOnlyList<string> Hosts) : StartOutcome;

    /// <summary>As many runs as may go on at once are going on already: these.</summary>
    public sealed record Busy(IReadOnlyList<RunManifest> Runs) : StartOutcome;

    /// <summary>The workers that it wants are not there, or not ready.</summary>
    public sealed record NoWorkers(IReadOnlyList<CrewProblem> Problems) : StartOutcome;

    /// <summary>The run folder can't be written.</summary>
    public sealed record NotWritable(string Why) : StartOutcome;
}
