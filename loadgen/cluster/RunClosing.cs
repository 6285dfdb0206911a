using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cluster;

/// <summary>Writes the reports of a run that has ended.</summary>
internal static class RunClosing
{
    /// <summary>Whatever goes wrong with the reports, the run has an outcome: followers wait for it.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="unsaved">Seconds that could not be written.</param>
    /// <param name="failure">Why the run failed; null if it did not.</param>
    public static async Task<RunOutcome> WriteAsync(string folder, RunRequest request, RunManifest manifest, IReadOnlyList<Interval> unsaved, string? failure)
    {
        try
        {
            var (summary, files) = await ReportWriter.WriteAsync(folder, request.Reports, CancellationToken.None);
            return new RunOutcome(failure is null ? summary : AsError(Summarizer.Summarize(WhatWeHave()), failure), files, folder);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new RunOutcome(AsError(Summarizer.Summarize(WhatWeHave()), failure ?? $"cannot write the reports: {e.Message}"), null, folder);
        }

        // The record on disk and, beside it, the seconds that could not be written.
        RunRecord WhatWeHave()
        {
            RunRecord onDisk;
            try
            {
                onDisk = RunFolder.Read(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                onDisk = new RunRecord { Manifest = manifest, PlanText = request.PlanText, Intervals = [], Hosts = [], Generator = [], Events = [] };
            }
            return onDisk with { Intervals = [.. onDisk.Intervals, .. unsaved] };
        }
    }

    private static RunSummary AsError(RunSummary summary, string why) =>
        summary with { Verdict = Verdict.Error, ExitCode = 1, Reason = why, Reasons = new Dictionary<string, string>() };
}
