using Microsoft.Extensions.Logging;
using Pressure.Chaos;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.Reports.Export;
using Pressure.Web.Chaos;
using Pressure.Web.Runs;
using Pressure.Web.State;

namespace Pressure.Web.Workers;

/// <summary>Goes on with runs over workers whose coordinator has died: this service's own after a restart, and those of dead nodes.</summary>
internal sealed class CrewSuccessor(IBus bus, ActiveRuns active, MetricExport export, ExperimentsOfRun experiments, ServiceWorld world, DrillSuccessor drills, ILogger<CrewSuccessor> log, TimeProvider time, SharedState? shared = null) : IRunSuccessor
{
    // What workers still had to tell is kept for a day.
    private static readonly TimeSpan Oldest = TimeSpan.FromHours(23);

    /// <summary>Takes up what this service was in the middle of when it ended.</summary>
    public async Task ResumeAsync(IEnumerable<RunListing> runs, CancellationToken stop)
    {
        foreach (var run in runs.Where(r => r.State == RunState.Interrupted && r.Summary is null))
            await TryResumeAsync(new TakenRun(run.Folder, "", HasEnded: true), stop);
    }

    /// <inheritdoc/>
    public async Task<bool> TryResumeAsync(TakenRun run, CancellationToken stop)
    {
        var folder = run.Folder;
        try
        {
            var manifest = RunFolder.ReadManifest(folder);
            if (manifest.Crew is null || time.GetUtcNow() - manifest.StartedAt - manifest.Duration > Oldest)
                return false;
            var resuming = await new Coordinator(time).ResumeAsync(new ResumeRequest(folder, bus, new ReportOptions()) { Sinks = [export], CompanionsOf = plan => CompanionsOf(plan, manifest, run), Spread = shared is null ? null : shared.Runs.SpreadAsync }, stop);
            if (resuming.Run is { } handle)
            {
                active.Adopt(handle);
                return true;
            }
            log.LogWarning("The run {Folder} can't go on: {Problems}", folder, string.Join(" ", resuming.Problems));
        }
        catch (Exception e) when (e is BusException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            log.LogWarning("The run {Folder} can't go on: {Problem}", folder, e.Message);
        }
        return false;
    }

    /// <summary>Whoever tells how the experiments under way ended, and the experiments whose moment has not come yet.</summary>
    private IReadOnlyList<IRunCompanion> CompanionsOf(LoadPlan plan, RunManifest manifest, TakenRun run)
    {
        var left = LeftChaos.Of([.. RunFolder.ReadEvents(run.Folder)]);
        var now = time.GetUtcNow() - manifest.StartedAt;
        var later = plan with { Chaos = [.. plan.Chaos.Where(c => c.At > now)] };
        return [.. left.IsNone ? Array.Empty<IRunCompanion>() : [new LeftChaosCompanion(left, run.HasEnded, world, drills, time)], .. experiments.Of(later).Companions];
    }
}
