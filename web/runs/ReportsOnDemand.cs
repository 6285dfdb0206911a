using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Pressure.Reports;

namespace Pressure.Web.Runs;

/// <summary>
/// Writes the reports of runs that have none, which is how an interrupted run is shown with what it has.
/// Each folder is written by one caller at a time; the others await the same result.
/// </summary>
internal sealed class ReportsOnDemand(ILogger<ReportsOnDemand> log) : IAsyncDisposable
{
    /// <summary>Longer than a PDF may take; what is not written then is written by the next start of the service.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, string> _failed = new();
    private Task _recovering = Task.CompletedTask;
    private readonly ConcurrentDictionary<string, Lazy<Task<string?>>> _writing = new();

    /// <summary>Makes sure that a run that goes on no more has its reports; null when it has, else why not.</summary>
    public async Task<string?> EnsureAsync(RunListing run, ReportLanguage language)
    {
        // Also while they are being written: a page that looked now would find some of them and say that the others are missing.
        if (!NeedsReports(run) && !_writing.ContainsKey(run.Folder))
            return null;
        var writing = _writing.GetOrAdd(run.Folder, _ => new Lazy<Task<string?>>(() => WriteAsync(run.Folder, new ReportOptions(language))));
        try
        {
            return await writing.Value;
        }
        finally
        {
            _writing.TryRemove(new KeyValuePair<string, Lazy<Task<string?>>>(run.Folder, writing));
        }
    }

    /// <summary>Makes the reports of a finished run again, those that there are and in their language, since its record has grown.</summary>
    public async Task RemakeAsync(RunListing run)
    {
        var writing = _writing.GetOrAdd(run.Folder, _ => new Lazy<Task<string?>>(() => WriteAsync(run.Folder, OptionsOf(run.Folder))));
        try
        {
            if (await writing.Value is { } problem)
                log.LogWarning("The reports of run {Run} can't be made again: {Problem}", run.Id, problem);
        }
        finally
        {
            _writing.TryRemove(new KeyValuePair<string, Lazy<Task<string?>>>(run.Folder, writing));
        }
    }

    /// <summary>Begins, unless it is under way, to write what processes that died could not, one run after the other, so that lists show figures.</summary>
    public void RecoverInterrupted(IEnumerable<RunListing> runs)
    {
        lock (_gate)
        {
            if (_recovering.IsCompleted && !_stop.IsCancellationRequested)
                _recovering = Task.Run(() => RecoverAsync(runs));
        }
    }

    /// <summary>Lets the report that is being written be finished, and begins no other.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_recovering, Task.Delay(Patience));
        _stop.Dispose();
    }

    private async Task RecoverAsync(IEnumerable<RunListing> runs)
    {
        foreach (var run in runs.Where(r => NeedsReports(r) && !_failed.ContainsKey(r.Folder)))
        {
            if (_stop.IsCancellationRequested)
                return;
            if (await EnsureAsync(run, ReportLanguage.En) is not { } problem)
                continue;
            _failed[run.Folder] = problem;
            log.LogWarning("The reports of the interrupted run {Run} can't be written: {Problem}", run.Id, problem);
        }
    }

    /// <summary>The summary alone is not enough: whoever wrote it may have died over the rest.</summary>
    private static bool NeedsReports(RunListing run) =>
        run.State == RunState.Interrupted && (run.Summary is null || !File.Exists(Path.Combine(run.Folder, "report.html")));

    private static ReportOptions OptionsOf(string folder)
    {
        var html = Path.Combine(folder, "report.html");
        var isChinese = File.Exists(html) && File.ReadLines(html).Take(5).Any(line => line.Contains("<html lang=\"zh", StringComparison.Ordinal));
        return new ReportOptions(isChinese ? ReportLanguage.Zh : ReportLanguage.En, File.Exists(html), File.Exists(Path.Combine(folder, "report.pdf")));
    }

    private static async Task<string?> WriteAsync(string folder, ReportOptions options)
    {
        try
        {
            await ReportWriter.WriteAsync(folder, options, CancellationToken.None);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return e.Message;
        }
    }
}
