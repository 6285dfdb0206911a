using Pressure.Chaos;
using Pressure.Cli.Commands;
using Pressure.Cli.ConsoleOutput;
using Pressure.Faults;
using Pressure.Reports;

namespace Pressure.Cli.Chaos;

/// <summary>Runs a checked experiment in front of a person or a CI job: with a run folder of its own, shown as it goes on; Ctrl-C undoes everything.</summary>
internal sealed class DrillRun(ExperimentOutput output, bool isShown, TimeProvider time)
{
    /// <summary>Chooses the same targets again; null for chance.</summary>
    public int? Seed { get; init; }

    /// <summary>The service whose agents' hosts may be struck; null for the usual one.</summary>
    public string? Service { get; init; }

    /// <summary>Runs it with a run folder, and makes its reports.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="folder">Where to write; null for a folder of its own in <c>runs</c>.</param>
    /// <param name="reports">Which reports.</param>
    public Task<int> RecordedAsync(Experiment experiment, string? folder, ReportOptions reports) => InAsync(async (local, progress) =>
    {
        DrillRecord record;
        try
        {
            record = DrillRecord.Create(folder, "runs", experiment.Title, ExperimentWriter.Write(experiment), time, progress.Take);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return output.Invalid($"Cannot write the run folder: {e.Message}", "Name a new or empty folder that you may write to with --out.");
        }
        using (record)
        {
            var outcome = await RunAsync(experiment, local, record, progress, record.Lost);
            record.Complete();
            progress.Dispose();
            if (record.Problem is { } problem)
                await Console.Error.WriteLineAsync($"The record is not whole: {problem}");
            return output.Ended(experiment.Title, outcome, record.Folder, await ReportAsync(record.Folder, reports));
        }
    });

    /// <summary>Runs it without a run folder.</summary>
    public Task<int> HeldAsync(Experiment experiment) => InAsync(async (local, progress) =>
    {
        var outcome = await RunAsync(experiment, local, new ToldTimeline(time, progress.Take), progress, CancellationToken.None);
        progress.Dispose();
        return output.Ended(experiment.Title, outcome, folder: null, []);
    });

    private async Task<int> InAsync(Func<LocalWorld, ChaosProgress, Task<int>> run)
    {
        try
        {
            await using var elsewhere = new ServiceHosts(Service, time);
            using var local = LocalWorld.Open(new(time, StateFolder.Usual) { Agents = elsewhere.Hosts });
            using var progress = new ChaosProgress(isShown ? Console.Out : TextWriter.Null, time);
            return await run(local, progress);
        }
        catch (GuardBookException e)
        {
            return output.Invalid($"The guards can't be asked: {e.Message}", "Nothing was struck.");
        }
    }

    private async Task<ExperimentOutcome> RunAsync(Experiment experiment, LocalWorld local, IChaosTimeline timeline, ChaosProgress progress, CancellationToken lost)
    {
        using var signals = new StopSignals();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(signals.Token, lost);
        var world = await local.OnAsync(timeline, ChanceOf(Seed));
        return await new ExperimentRunner(world) { Told = progress.Take }.RunAsync(experiment, ChaosPlace.By, either.Token);
    }

    /// <summary>A seed's chance, or one of its own.</summary>
    public static Random ChanceOf(int? seed) => seed is { } given ? new Random(given) : new Random();

    private static async Task<IReadOnlyList<string>> ReportAsync(string folder, ReportOptions options)
    {
        try
        {
            var (_, files) = await ReportWriter.WriteAsync(folder, options, CancellationToken.None);
            if (files.PdfProblem is { } problem)
                await Console.Error.WriteLineAsync(problem);
            return [.. new[] { files.Html, files.Pdf }.OfType<string>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"The reports can't be written: {e.Message}");
            return [];
        }
    }
}
