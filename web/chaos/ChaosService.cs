using Microsoft.Extensions.Logging;
using Pressure.Chaos;
using Pressure.Faults;
using Pressure.Web.State;

namespace Pressure.Web.Chaos;

/// <summary>Chaos in the service: experiments that are kept, drills that run, their schedules and their history. Files under <c>RUNS/.chaos</c> are its state.</summary>
internal sealed class ChaosService : IAsyncDisposable
{
    /// <summary>How long the big stop waits for drills to be undone before it looks after what they left itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Drills among which a monkey's last strikes are looked for.</summary>
    private const int Recent = 300;

    private readonly DeskParts _parts;
    private readonly SharedState? _shared;
    private readonly GuardDesk _guards;
    private readonly IAudit _audit;
    private readonly TimeProvider _time;
    private readonly ILogger<ChaosService> _log;
    private readonly Lazy<ScheduledRuns> _runs;

    public ChaosService(WebOptions options, DeskParts parts, ServiceRules rules, ExperimentKinds kinds, GuardDesk guards, ServiceWorld world, Lazy<ScheduledRuns> runs, TimeProvider time, ILogger<ChaosService> log, SharedState? shared = null)
    {
        (_parts, _guards, _audit, _runs, _time, _log, _shared) = (parts, guards, world.Audit, runs, time, log, shared);
        var folder = Path.Combine(options.RunsFolder, ".chaos");
        StateFolder = options.ChaosFolder;
        Shelf = new ExperimentShelf(Path.Combine(folder, "experiments"), (text, name) => rules.Read(text, name, kinds), shared?.Files);
        Desk = new DrillDesk(Shelf, parts);
        History = new DrillHistory(options.RunsFolder);
        MonkeyShelf = new MonkeyShelf(Path.Combine(folder, "monkeys"), (text, name) => ServiceRules.ReadMonkey(text, name, kinds), shared?.Files);
        Monkeys = new MonkeyDesk(MonkeyShelf, Desk, parts, StateFolder, _audit, shared is null ? null : name => MonkeySecrets.Of(shared.Files, Path.Combine(folder, "monkeys"), name));
        Schedules = new DrillScheduler(Path.Combine(folder, "drills"), time, BeginAsync, shared?.Files, shared is null ? null : new ScheduleClaims(shared));
    }

    /// <summary>The machine's chaos state.</summary>
    public string StateFolder { get; }

    public ExperimentShelf Shelf { get; }

    public DrillDesk Desk { get; }

    public DrillScheduler Schedules { get; }

    public DrillHistory History { get; }

    public MonkeyShelf MonkeyShelf { get; }

    public MonkeyDesk Monkeys { get; }

    /// <summary>The global stop's words; null if it is not in force.</summary>
    public string? Halted => _parts.Halted();

    /// <summary>Undoes what an earlier service left, and begins to watch the clock.</summary>
    public async Task StartAsync()
    {
        if (Directory.Exists(StateFolder))
            await new Reconciler(StateFolder, FaultCatalogue.All, FaultClock.OfMachine(_time)).RevertOrphansAsync("start");
        await Schedules.StartAsync();
        await Monkeys.StartAsync();
    }

    /// <summary>The last strikes of a monkey that are over, newest first.</summary>
    public IEnumerable<PastDrill> StrikesOf(string monkey, int most) =>
        History.Latest(Recent).Where(d => d.File.By == MonkeyDesk.By(monkey) && d.File.End is not null).Take(most);

    /// <summary>Begins nothing more, stops what runs, and returns when everything is undone, but no later than <paramref name="patience"/>.</summary>
    public async Task CloseAsync(TimeSpan patience) => await Desk.CloseAsync("the end of the service", patience);

    public async ValueTask DisposeAsync()
    {
        await Monkeys.DisposeAsync();
        await Schedules.DisposeAsync();
    }

    /// <summary>The big stop: nothing is struck any more, and everything that holds is undone. Why it did not work, or what is left; null if all is undone.</summary>
    public async Task<string?> HaltAsync(string by, string why)
    {
        try
        {
            new GlobalStop(Faults.StateFolder.Ensure(StateFolder)).Set(new Halt(by, _time.GetUtcNow(), why.Trim()));
            // Whoever keeps the log locked must not keep faults from being undone.
            var told = Task.Run(() => _audit.TryWriteAsync(new(by, "halt", Environment.MachineName, "halted", why.Trim())));
            await Desk.StopAllAsync(by, Patience);
            var left = LeftOf(await RevertAsync(by, "halt-all"));
            Warn(await told);
            return left;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>Lifts the big stop. Why it did not work; null if it did.</summary>
    public async Task<string?> ResumeAsync(string by)
    {
        try
        {
            if (new GlobalStop(StateFolder).Lift())
                Warn(await _audit.TryWriteAsync(new(by, "resume", Environment.MachineName, "lifted")));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>Undoes every fault that holds on this machine, whoever applied it.</summary>
    /// <param name="who">Who wants it.</param>
    /// <param name="by">What their end is put down to.</param>
    /// <exception cref="IOException">The journal can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The journal can't be read.</exception>
    public async Task<IReadOnlyList<EndedFault>> RevertAsync(string who, string by)
    {
        var ended = await new Reversal(StateFolder, FaultCatalogue.All, FaultClock.OfMachine(_time)).RevertAsync(_ => true, by);
        Warn(await _audit.TryWriteAsync(who, ended));
        return ended;
    }


    /// <summary>What could not be undone, for people; null if nothing is left.</summary>
    public static string? LeftOf(IEnumerable<EndedFault> ended)
    {
        var left = ended.Where(e => e.End.Outcome is UndoOutcome.Incomplete).Select(e => $"{e.Intent.Kind} on {e.Intent.Target.Label}: {((UndoOutcome.Incomplete)e.End.Outcome).What}").ToList();
        return left.Count == 0 ? null : string.Join("; ", left);
    }

    /// <summary>Says of a span why nothing may be struck in it or a part of it; null if it may.</summary>
    public async Task<Func<DateTimeOffset, DateTimeOffset, string?>> FreezesAsync(CancellationToken stop)
    {
        // A machine that was never struck has no book, and a calendar is no reason to begin one.
        if ((_shared is null && !Directory.Exists(StateFolder)) || (await _guards.ReadAsync(stop)).Standing is not { Rules.Freezes: { Count: > 0 } freezes })
            return (_, _) => null;
        return (from, to) => freezes.FirstOrDefault(f => Enumerable.Range(0, 96).Select(q => from.AddMinutes(15 * q)).Any(at => at < to && f.Contains(at)))?.Name;
    }

    /// <summary>Keeps a schedule of an experiment that is kept, or of a plan; everything that is wrong with it, and then nothing changes.</summary>
    public async Task<IReadOnlyList<ScheduleProblem>> SetScheduleAsync(DrillSchedule schedule)
    {
        List<ScheduleProblem> problems = [];
        if (PlainName.Is(schedule.Experiment) && Shelf.Find(schedule.Experiment) is null)
            problems.Add(new("experiment", $"there is no experiment '{schedule.Experiment}'", "Choose one of those that are kept."));
        if (schedule.Plan is { Length: <= SchedulePlan.MostPlan } plan)
            problems.AddRange(_runs.Value.Problems(plan));
        return problems.Count > 0 ? [.. problems, .. SchedulePlan.Check(schedule).Problems] : await Schedules.SetAsync(schedule);
    }

    /// <summary>What a schedule begins: a run with load, a drill, or only the probes of its experiment.</summary>
    private async Task<DrillOutcome> BeginAsync(DrillSchedule schedule, Action<string> began, CancellationToken stop)
    {
        if (schedule.Plan is { } plan)
            return await _runs.Value.RunAsync(plan, began, stop);
        var by = $"schedule {schedule.Name}";
        if (schedule.ProbesOnly)
            return await ProbeAsync(schedule, by, stop);
        switch (Desk.Start(new DrillOrder(schedule.Experiment, null, by, schedule.Name)))
        {
            case DrillStart.Started started:
                began(started.Drill.Id);
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
        _ => new(ScheduleNoteKind.Failed, end.Deviated ? "The steady state did not hold." : end.Why.Length > 0 ? $"{char.ToUpperInvariant(end.Why[0])}{end.Why[1..]}" : "It did not come to its end.", drill),
    };

    private void Warn(string? problem)
    {
        if (problem is not null)
            _log.LogWarning("{Problem}", problem);
    }
}
