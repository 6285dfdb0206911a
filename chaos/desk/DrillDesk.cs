using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>Runs drills, each with a run folder of its own, and knows those that run. Thread-safe.</summary>
/// <param name="shelf">The experiments that are kept.</param>
/// <param name="parts">What drills reach.</param>
public sealed class DrillDesk(ExperimentShelf shelf, DeskParts parts)
{
    /// <summary>Drills at once: each has guards of its own kind, but nobody can watch more.</summary>
    public const int AtOnce = 4;

    private readonly List<RunningDrill> _drills = [];
    private readonly Lock _gate = new();
    private bool _closing;

    /// <summary>Those that run, oldest first.</summary>
    public IReadOnlyList<RunningDrill> Running
    {
        get
        {
            lock (_gate)
                return [.. _drills.Where(d => !d.Completion.IsCompleted)];
        }
    }

    /// <summary>One that runs; null if there is none of this id.</summary>
    public RunningDrill? Find(string id) => Running.FirstOrDefault(d => d.Id == id);

    /// <summary>Begins a drill.</summary>
    public DrillStart Start(DrillOrder order)
    {
        if (parts.Halted() is { } halted)
            return new DrillStart.Halted(halted);
        var kept = order.Experiment.Length > 0 ? shelf.Find(order.Experiment) : null;
        if (order.Text is null && kept is null)
            return new DrillStart.NoSuchExperiment();
        var read = order.Text is { } text ? shelf.Check(text, order.Experiment) : kept!.Result;
        return read.Experiment is { } experiment ? Start(order, experiment) : new DrillStart.Invalid(read.Problems);
    }

    /// <summary>Begins a drill of an experiment that was read, or made, already.</summary>
    internal DrillStart Start(DrillOrder order, Experiment experiment)
    {
        if (parts.Halted() is { } halted)
            return new DrillStart.Halted(halted);
        lock (_gate)
        {
            _drills.RemoveAll(d => d.Completion.IsCompleted);
            if (_closing)
                return new DrillStart.Closing();
            if (_drills.Where(d => d.Experiment.Title == experiment.Title).ToList() is { Count: > 0 } same)
                return new DrillStart.Busy(same, "This experiment is running already.");
            if (_drills.Count >= AtOnce)
                return new DrillStart.Busy([.. _drills], $"{AtOnce} drills are running already.");
            return Begin(order, experiment);
        }
    }

    /// <summary>Asks the probes of an experiment's hypothesis once and strikes nothing.</summary>
    public async Task<ProbeRun> ProbeAsync(Experiment experiment, string by, CancellationToken stop)
    {
        var heard = new HeardTimeline(parts.Time);
        var outcome = await parts.Run(await parts.World(heard), experiment with { Method = [], Rollbacks = [] }, by, stop);
        return ProbeRun.Of(experiment, heard.Standing, outcome);
    }

    /// <summary>What an experiment would strike if it ran now. Nothing is struck, and nothing counted.</summary>
    public async Task<ExperimentPlan> PreviewAsync(Experiment experiment, string by, CancellationToken stop) =>
        await ExperimentPlan.OfAsync(experiment, await parts.World(new HeardTimeline(parts.Time)), parts.Look, by, stop);

    /// <summary>Begins nothing more, stops all that run, and returns when everything is undone, but no later than <paramref name="patience"/>.</summary>
    /// <returns>Whether all were over by then.</returns>
    public async Task<bool> CloseAsync(string by, TimeSpan patience)
    {
        lock (_gate)
            _closing = true;
        return await StopAllAsync(by, patience);
    }

    /// <summary>Stops all that run, and returns when everything is undone, but no later than <paramref name="patience"/>.</summary>
    /// <returns>Whether all were over by then.</returns>
    public async Task<bool> StopAllAsync(string by, TimeSpan patience)
    {
        var running = Running;
        foreach (var drill in running)
            drill.Stop(by);
        try
        {
            await Task.WhenAll(running.Select(d => d.Completion)).WaitAsync(patience, parts.Time);
            return true;
        }
        catch (TimeoutException)
        {
            // Executors and their watchdog undo what is left; the next start of the service looks after it too.
            return false;
        }
    }

    private DrillStart Begin(DrillOrder order, Experiment experiment)
    {
        RunningDrill? drill = null;
        DrillRecord record;
        try
        {
            record = DrillRecord.Create(null, parts.RunsFolder, experiment.Title, experiment.Document.ToJsonString(DeskJson.Options), parts.Time, what => drill?.Told(what));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new DrillStart.NotWritable(e.Message);
        }
        drill = new RunningDrill(order, experiment, record);
        var file = new DrillFile { Experiment = order.Experiment, Title = experiment.Title, By = order.By, Schedule = order.Schedule };
        file.TryWrite(drill.Folder);
        drill.Completion = Task.Run(() => RunAsync(drill, record, file));
        _drills.Add(drill);
        return new DrillStart.Started(drill);
    }

    private async Task<DrillEnd> RunAsync(RunningDrill drill, DrillRecord record, DrillFile file)
    {
        DrillEnd end;
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(record.Lost))
        {
            var run = OutcomeAsync(drill, record, stop.Token);
            if (await Task.WhenAny(run, drill.StopAsked) == drill.StopAsked)
            {
                await stop.CancelAsync();
                // A log that can't be written fails the drill by itself.
                if (parts.Audit is { } audit)
                    await audit.TryWriteAsync(new(drill.StoppedBy ?? "", "stop", drill.Id, "asked"));
            }
            end = await run;
        }
        file = file with { End = end };
        file.TryWrite(drill.Folder);
        drill.EndMarks();
        record.Complete();
        record.Dispose();
        await parts.Report(drill.Folder);
        drill.Events.Complete();
        return end;
    }

    private async Task<DrillEnd> OutcomeAsync(RunningDrill drill, DrillRecord record, CancellationToken stop)
    {
        try
        {
            drill.Outcome = await parts.Run(await parts.World(record), drill.Experiment, drill.Order.By, stop);
            return DrillEnd.Of(drill.Outcome, parts.Time.GetUtcNow());
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The runner never throws because of what an experiment meets, so this is a mistake of ours; faults end with their lease all the same.
            record.Tell(new TimelineEvent.RunFailed(record.Clock.Now, e.Message));
            return new(parts.Time.GetUtcNow(), ExperimentStatus.Failed, false, 99, [], [e.Message]);
        }
    }
}
