using System.Text.Json.Nodes;
using Pressure.Chaos;
using Pressure.Cli.ConsoleOutput;

namespace Pressure.Cli.Chaos;

/// <summary>Runs a monkey's strikes, each as a drill with a run folder of its own. Thread-safe.</summary>
internal sealed class MonkeyStrikes(LocalWorld local, string runs, Random chance, MonkeyOutput output, TimeProvider time)
{
    private readonly Lock _gate = new();
    private int _count;
    private volatile bool _hasLeft;

    /// <summary>How many there were.</summary>
    public int Count => _count;

    /// <summary>Something of one could not be undone.</summary>
    public bool HasLeft => _hasLeft;

    /// <summary>Runs one to its end.</summary>
    public async Task<ExperimentOutcome> StrikeAsync(Experiment experiment, string by, CancellationToken stop)
    {
        Interlocked.Increment(ref _count);
        DrillRecord record;
        try
        {
            record = DrillRecord.Create(null, runs, experiment.Title, ExperimentWriter.Write(experiment), time, what => output.Told(experiment, what));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Ended(experiment, NotDone($"the run folder can't be written: {e.Message}"), null);
        }
        using (record)
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(stop, record.Lost))
        {
            var outcome = await OutcomeAsync(experiment, by, record, either.Token);
            record.Complete();
            if (record.Problem is { } problem)
                output.Problem($"The record is not whole: {problem}");
            return Ended(experiment, outcome, record.Folder);
        }
    }

    private async Task<ExperimentOutcome> OutcomeAsync(Experiment experiment, string by, DrillRecord record, CancellationToken stop)
    {
        try
        {
            // The rules may have changed since the last one.
            return await new ExperimentRunner(await local.OnAsync(record, OwnChance())).RunAsync(experiment, by, stop);
        }
        catch (GuardBookException e)
        {
            return NotDone($"the guards can't be asked: {e.Message}");
        }
    }

    private ExperimentOutcome Ended(Experiment experiment, ExperimentOutcome outcome, string? folder)
    {
        _hasLeft |= outcome.Left.Count > 0;
        output.Ended(experiment, outcome, folder);
        return outcome;
    }

    private static ExperimentOutcome NotDone(string why) => new("", ExperimentStatus.Failed, false, new JsonObject(), []) { Why = why };

    // Groups may be struck side by side, and chance is nobody's to share.
    private Random OwnChance()
    {
        lock (_gate)
            return new(chance.Next());
    }
}
