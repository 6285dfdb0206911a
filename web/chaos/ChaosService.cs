using Pressure.Chaos;

namespace Pressure.Web.Chaos;

/// <summary>Chaos in the service: experiments that are kept, drills that run, their schedules and their history. Files under <c>RUNS/.chaos</c> are its state.</summary>
internal sealed class ChaosService : IAsyncDisposable
{
    private readonly DeskParts _parts;
    private readonly TimeProvider _time;

    public ChaosService(WebOptions options, DeskParts parts, TimeProvider time)
    {
        (_parts, _time) = (parts, time);
        var folder = Path.Combine(options.RunsFolder, ".chaos");
        StateFolder = options.ChaosFolder;
        Shelf = new ExperimentShelf(Path.Combine(folder, "experiments"), (text, name) => ExperimentReader.Parse(text, name, Environment.GetEnvironmentVariable));
        Desk = new DrillDesk(Shelf, parts);
        History = new DrillHistory(options.RunsFolder);
        Schedules = new DrillScheduler(Path.Combine(folder, "drills"), time, BeginAsync);
    }

    /// <summary>The machine's chaos state.</summary>
    public string StateFolder { get; }

    public ExperimentShelf Shelf { get; }

    public DrillDesk Desk { get; }

    public DrillScheduler Schedules { get; }

    public DrillHistory History { get; }

    /// <summary>The global stop's words; null if it is not in force.</summary>
    public string? Halted => _parts.Halted();

    public Task StartAsync() => Schedules.StartAsync();

    /// <summary>Begins nothing more, stops what runs, and returns when everything is undone, but no later than <paramref name="patience"/>.</summary>
    public async Task CloseAsync(TimeSpan patience) => await Desk.CloseAsync("the end of the service", patience);

    public ValueTask DisposeAsync() => Schedules.DisposeAsync();

    /// <summary>The big stop: nothing is struck any more, and everything that holds is undone. Why it did not work; null if it did.</summary>
    public Task<string?> HaltAsync(string by, string why) => Task.FromResult<string?>($"{by}{why}{_time}");

    /// <summary>Lifts the big stop. Why it did not work; null if it did.</summary>
    public string? Resume(string by) => by + _time;

    /// <summary>Says of a span why nothing may be struck in it or a part of it; null if it may.</summary>
    public Task<Func<DateTimeOffset, DateTimeOffset, string?>> FreezesAsync(CancellationToken stop) => Task.FromResult<Func<DateTimeOffset, DateTimeOffset, string?>>((_, _) => _time is null ? "" : null);

    /// <summary>Keeps a schedule of an experiment that is kept; everything that is wrong with it, and then nothing changes.</summary>
    public async Task<IReadOnlyList<ScheduleProblem>> SetScheduleAsync(DrillSchedule schedule) =>
        PlainName.Is(schedule.Experiment) && Shelf.Find(schedule.Experiment) is null
            ? [new("experiment", $"there is no experiment '{schedule.Experiment}'", "Choose one of those that are kept."), .. SchedulePlan.Check(schedule).Problems]
            : await Schedules.SetAsync(schedule);

    /// <summary>What a schedule begins: a drill, or only the probes of its experiment.</summary>
    private async Task<DrillOutcome> BeginAsync(DrillSchedule schedule, CancellationToken stop)
    {
        var by = $"schedule {schedule.Name}";
        if (schedule.ProbesOnly)
            return await ProbeAsync(schedule, by, stop);
        switch (Desk.Start(new DrillOrder(schedule.Experiment, null, by, schedule.Name)))
        {
            case DrillStart.Started started:
                await using (stop.Register(() => started.Drill.Stop("the end of the service")))
                    return OutcomeOf(await started.Drill.Completion, started.Drill.Id);
            case DrillStart.NoSuchExperiment:
                return new(ScheduleNoteKind.Failed, $"There is no experiment '{schedule.Experiment}' any more.");
            case DrillStart.Invalid invalid:
                return new(ScheduleNoteKind.Failed, $"The experiment is not right: {invalid.Problems[0].Message}.");
            case DrillStart.Busy busy:
                return new(ScheduleNoteKind.Skipped, busy.Why);
            case DrillStart.Halted halted:
                return new(ScheduleNoteKind.Refused, halted.Why);
            case DrillStart.NotWritable disk:
                return new(ScheduleNoteKind.Failed, disk.Why);
            default:
                return new(ScheduleNoteKind.Stopped, "The service was about to end.");
        }
    }

    private async Task<DrillOutcome> ProbeAsync(DrillSchedule schedule, string by, CancellationToken stop)
    {
        if (Shelf.Find(schedule.Experiment)?.Result.Experiment is not { } experiment)
            return new(ScheduleNoteKind.Failed, $"There is no experiment '{schedule.Experiment}' that can be read.");
        var run = await Desk.ProbeAsync(experiment, by, stop);
        return run.ExitCode switch
        {
            0 => new(ScheduleNoteKind.Held, ""),
            130 => new(ScheduleNoteKind.Stopped, ""),
            _ => new(ScheduleNoteKind.Failed, string.Join("; ", run.Probes.Where(p => !p.Holds).Select(p => $"{p.Probe}: {p.Why}"))),
        };
    }

    private static DrillOutcome OutcomeOf(DrillEnd end, string drill) => end.ExitCode switch
    {
        0 => new(ScheduleNoteKind.Held, "", drill),
        3 => new(ScheduleNoteKind.Refused, string.Join(" ", end.Refusals), drill),
        130 => new(ScheduleNoteKind.Stopped, "", drill),
        4 => new(ScheduleNoteKind.Failed, $"Something is left over: {string.Join("; ", end.Left)}", drill),
        _ => new(ScheduleNoteKind.Failed, end.Deviated ? "The steady state did not hold." : "It did not come to its end.", drill),
    };
}
