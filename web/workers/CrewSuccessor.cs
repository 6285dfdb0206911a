using Microsoft.Extensions.Logging;
using Pressure.Cluster;
using Pressure.Record;
using Pressure.Reports;
using Pressure.Reports.Export;
using Pressure.Web.Runs;
using Pressure.Web.State;

namespace Pressure.Web.Workers;

/// <summary>Goes on with runs over workers whose coordinator has died: this service's own after a restart, and those of dead nodes.</summary>
internal sealed class CrewSuccessor(IBus bus, ActiveRuns active, MetricExport export, ILogger<CrewSuccessor> log, TimeProvider time) : IRunSuccessor
{
    // What workers still had to tell is kept for a day.
    private static readonly TimeSpan Oldest = TimeSpan.FromHours(23);

    /// <summary>Takes up what this service was in the middle of when it ended.</summary>
    public async Task ResumeAsync(IEnumerable<RunListing> runs, CancellationToken stop)
    {
        foreach (var run in runs.Where(r => r.State == RunState.Interrupted && r.Summary is null))
            await TryResumeAsync(run.Folder, stop);
    }

    /// <inheritdoc/>
    public async Task<bool> TryResumeAsync(string folder, CancellationToken stop)
    {
        try
        {
            var manifest = RunFolder.ReadManifest(folder);
            if (manifest.Crew is null || time.GetUtcNow() - manifest.StartedAt - manifest.Duration > Oldest)
                return false;
            var resuming = await new Coordinator(time).ResumeAsync(new ResumeRequest(folder, bus, new ReportOptions()) { Sinks = [export] }, stop);
            if (resuming.Run is { } run)
            {
                active.Adopt(run);
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
}
