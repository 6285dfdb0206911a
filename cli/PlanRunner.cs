using Pressure.Agent;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Reports;
using Pressure.Reports.Export;

namespace Pressure.Cli;

/// <summary>Runs a checked plan in front of a person or a CI job, and gives the exit code.</summary>
internal static class PlanRunner
{
    public static async Task<int> RunAsync(LoadPlan plan, string planText, string? folder, TargetGuard guard, ReportOptions reports, RunOutput output, TimeProvider time, IReadOnlyList<ExportTarget>? exportTo = null)
    {
        if (folder is not null && string.IsNullOrWhiteSpace(folder))
            return output.Invalid("--out names no folder.", "Name a new or empty folder, or leave --out away.");
        using var signals = new StopSignals();
        await using var export = MetricExport.To(exportTo ?? [], time);
        RunHandle run;
        try
        {
            run = new Coordinator(time).Start(new RunRequest(plan, planText, folder, [new LocalHost()], reports) { Guard = guard, Sinks = [export] });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return output.Invalid($"Cannot write the run folder: {e.Message}", "Name a new or empty folder that you may write to with --out.");
        }

        await using var stopping = signals.Token.Register(() => run.Stop(signals.By));
        await output.FollowAsync(run);
        var outcome = await run.Completion;
        output.Finish(outcome);
        return outcome.Summary.ExitCode;
    }
}
