using Microsoft.Extensions.Logging;
using Pressure.Record;
using Pressure.Web.Access;
using Pressure.Web.Runs;
using Pressure.Web.State;

namespace Pressure.Web.Agents;

/// <summary>
/// Completes the records of finished runs: an agent that was silent when a run ended, and comes back within the hour, tells what it has kept,
/// and the reports are made again. The folders say what is missing, so nothing is forgotten when the service starts anew.
/// </summary>
internal sealed class LateEntries(IAgentHistory history, RunStore store, ReportsOnDemand reports, TimeProvider time, ILogger<LateEntries> log) : IAsyncDisposable
{
    /// <summary>How long after a run's end its record is still completed.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromHours(1);

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _settled = [];
    private Task _running = Task.CompletedTask;

    public void Start() => _running = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            using var now = new PeriodicTimer(Rest, time);
            while (await now.WaitForNextTickAsync(_stop.Token))
            {
                foreach (var run in store.All().Where(IsYoung).ToList())
                    await TryCompleteAsync(run);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private bool IsYoung(RunListing run) =>
        run is { State: RunState.Finished, Manifest: { Agents.Count: > 0 } manifest } && !_settled.Contains(run.Folder)
        && time.GetUtcNow() - manifest.StartedAt - manifest.Duration < Within
        // What comes late is added by the node that wrote the run.
        && !RunCopy.Is(run.Folder)
        // The command line may still be writing its reports.
        && (manifest.ProcessId == Environment.ProcessId || !RunFolder.IsWriterAlive(manifest));

    private async Task TryCompleteAsync(RunListing run)
    {
        try
        {
            var silent = Gap.Of(run.Folder);
            var returned = silent.Where(g => history.Find(g.Host) is { Connected: true }).ToList();
            var completed = false;
            foreach (var gap in returned)
                completed |= await new LateAgent(history, run.Manifest!, run.Folder, time).CompleteAsync(gap, _stop.Token);
            // Also after a crash between the last entry and the reports.
            if (completed || (silent.Count == 0 && AreReportsOld(run.Folder)))
                await reports.RemakeAsync(run);
            if (silent.Count == 0)
                _settled.Add(run.Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _settled.Add(run.Folder);
            log.LogWarning("The record of run {Run} can't be completed: {Problem}", run.Id, e.Message);
        }
    }

    private static bool AreReportsOld(string folder) =>
        File.GetLastWriteTimeUtc(Path.Combine(folder, RunFolder.EventsFile)) > File.GetLastWriteTimeUtc(Path.Combine(folder, Reports.SummaryFile.Name));
}

/// <summary>A host of which nothing was heard when the run ended.</summary>
/// <param name="Host">The host.</param>
/// <param name="Since">The last that is known of it.</param>
/// <param name="Until">When the load ended.</param>
internal sealed record Gap(string Host, TimeSpan Since, TimeSpan Until)
{
    /// <summary>Those of a run; none while it has not ended.</summary>
    public static IReadOnlyList<Gap> Of(string folder)
    {
        var events = RunFolder.ReadEvents(folder);
        var end = (events.LastOrDefault(e => e is TimelineEvent.LoadEnded) ?? events.LastOrDefault(e => e is TimelineEvent.RunEnded))?.At;
        var silent = new Dictionary<string, Gap>();
        foreach (var what in events)
        {
            if (what is TimelineEvent.HostSilent s)
                silent[s.Host] = new Gap(s.Host, s.Last, end ?? s.At);
            else if (what is TimelineEvent.HostHeard h)
                silent.Remove(h.Host);
        }
        return events.Any(e => e is TimelineEvent.RunEnded) ? [.. silent.Values] : [];
    }
}
