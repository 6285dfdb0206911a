namespace Pressure.Chaos;

/// <summary>
/// Begins drills when their schedules say so. One that is still running when the next is due makes that one be skipped; what a schedule missed while
/// nobody watched is not made up for; one that fails again and again is switched off. All of it is noted where the schedule is shown. Thread-safe.
/// </summary>
public sealed class DrillScheduler : IAsyncDisposable
{
    private const string StillRunning = "The one before was still running.";
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, KeptSchedule> _schedules = [];
    private readonly Dictionary<string, Task> _running = [];
    private readonly Lock _gate = new();
    private readonly Lock _oneChange = new();
    private readonly SemaphoreSlim _changes = new(1);
    private readonly ScheduleFiles _files;
    private readonly IDueMoments _moments;
    private readonly TimeProvider _time;
    private readonly Func<DrillSchedule, Action<string>, CancellationToken, Task<DrillOutcome>> _begin;
    private readonly CancellationTokenSource _stop = new();
    private QuartzClock? _clock;

    /// <param name="folder">Where schedules are kept.</param>
    /// <param name="time">The clock.</param>
    /// <param name="begin">Begins a drill, tells the id of its record, and returns when it is over.</param>
    /// <param name="files">How schedules are changed; null for files of this machine alone.</param>
    /// <param name="moments">Who begins what is due; null where nobody else watches.</param>
    public DrillScheduler(string folder, TimeProvider time, Func<DrillSchedule, Action<string>, CancellationToken, Task<DrillOutcome>> begin, IKeptFiles? files = null, IDueMoments? moments = null)
    {
        (_files, _time, _begin, _moments) = (new ScheduleFiles(folder, files ?? new OwnFiles()), time, begin, moments ?? new NobodyElse());
        (var kept, Unreadable) = _files.Load();
        foreach (var schedule in kept)
            _schedules[schedule.Schedule.Name] = schedule;
    }

    /// <summary>Files of schedules that can't be read, with the reason.</summary>
    public IReadOnlyList<string> Unreadable { get; }

    /// <summary>All schedules, by name.</summary>
    public IReadOnlyList<KeptSchedule> All
    {
        get
        {
            lock (_gate)
                return [.. _schedules.Values.OrderBy(s => s.Schedule.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>One schedule; null if there is none of this name.</summary>
    public KeptSchedule? Find(string name)
    {
        lock (_gate)
            return _schedules.GetValueOrDefault(name);
    }

    /// <summary>Begins to watch the clock.</summary>
    public async Task StartAsync()
    {
        _clock = await QuartzClock.StartAsync(_time, (name, at) => Due(name, at), Missed);
        foreach (var kept in All.Where(s => s.State.Off is null))
            await _clock.SetAsync(kept.Plan);
    }

    /// <summary>Keeps a schedule, in place of one by its name; everything that is wrong with it, and then nothing changes.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be written.</exception>
    public async Task<IReadOnlyList<ScheduleProblem>> SetAsync(DrillSchedule schedule)
    {
        var (plan, problems) = SchedulePlan.Check(schedule);
        if (plan is not null)
            await ChangeAsync(schedule.Name, before => new(plan, before is null ? new ScheduleState() : before.State.On()));
        return problems;
    }

    /// <summary>Switches a schedule on or off; false if there is none of this name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="off">Why it is switched off; null to switch it on.</param>
    public async Task<bool> SwitchAsync(string name, string? off) =>
        await ChangeAsync(name, before => before is null ? null : before with { State = off is null ? before.State.On() : before.State with { Off = off } });

    /// <summary>Forgets a schedule; false if there is none of this name. A drill of it that is running goes on.</summary>
    public async Task<bool> RemoveAsync(string name)
    {
        await _changes.WaitAsync();
        try
        {
            if (Find(name) is null)
                return false;
            _files.Delete(name);
            lock (_gate)
                _schedules.Remove(name);
            if (_clock is not null)
                await _clock.RemoveAsync(name);
            return true;
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Begins nothing more, ends what it began, and returns when that is over.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_clock is not null)
            await _clock.DisposeAsync();
        await _stop.CancelAsync();
        Task[] running;
        lock (_gate)
            running = [.. _running.Values];
        await Task.WhenAll(running);
        _stop.Dispose();
        _changes.Dispose();
    }

    private async Task<bool> ChangeAsync(string name, Func<KeptSchedule?, KeptSchedule?> change)
    {
        await _changes.WaitAsync();
        try
        {
            if (Apply(name, change) is not { } after)
                return false;
            await RingAsync(after);
            return true;
        }
        finally
        {
            _changes.Release();
        }
    }

    private KeptSchedule? Apply(string name, Func<KeptSchedule?, KeptSchedule?> change)
    {
        // Not under the gate: a change that all nodes must hear of may take its time.
        lock (_oneChange)
        {
            if (_files.Change(name, change) is not { } after)
                return null;
            lock (_gate)
                return _schedules[name] = after;
        }
    }

    private async Task RingAsync(KeptSchedule kept)
    {
        if (_clock is null)
            return;
        if (kept.State.Off is null)
            await _clock.SetAsync(kept.Plan);
        else
            await _clock.RemoveAsync(kept.Schedule.Name);
    }

    /// <summary>Takes note of a schedule that another node has changed, added or removed.</summary>
    public async Task ReloadAsync(string name)
    {
        await _changes.WaitAsync();
        try
        {
            var before = Find(name);
            var after = _files.Find(name);
            lock (_gate)
            {
                if (after is null)
                    _schedules.Remove(name);
                else
                    _schedules[name] = after;
            }
            // Set anew only where it rings otherwise from now on: a note of what came of a moment must not unset one that is due just now.
            if (after is null)
                await (_clock?.RemoveAsync(name) ?? Task.CompletedTask);
            else if (before is null || !after.RingsLike(before))
                await RingAsync(after);
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Notes what came of a moment whose node is gone. The moment is this node's to tell of.</summary>
    /// <param name="name">The schedule.</param>
    /// <param name="at">The moment.</param>
    /// <param name="node">The node that had begun it.</param>
    /// <param name="outcome">What came of it all the same; null if nothing is left of it.</param>
    public Task AbandonedAsync(string name, DateTimeOffset at, string node, DrillOutcome? outcome = null)
    {
        var gone = $"The node {node}, which had begun it, is gone.";
        return NoteAsync(name, outcome is null ? new(at, ScheduleNoteKind.Missed, gone)
            : new(at, outcome.What, outcome.Why.Length == 0 ? gone : $"{gone} {outcome.Why}", outcome.Drill) { Run = outcome.Run });
    }

    private void Due(string name, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (!_schedules.TryGetValue(name, out var kept) || kept.State.Off is not null || _stop.IsCancellationRequested)
                return;
            if (_running.TryGetValue(name, out var before) && !before.IsCompleted)
                _ = TellAsync(name, new(at, ScheduleNoteKind.Skipped, StillRunning));
            else
                _running[name] = Task.Run(() => DueAsync(kept.Schedule, at));
        }
    }

    private async Task DueAsync(DrillSchedule schedule, DateTimeOffset at)
    {
        DueAnswer answer;
        try
        {
            answer = await _moments.AskAsync(schedule.Name, at, _stop.Token);
        }
        catch (IOException e)
        {
            _ = TellAsync(schedule.Name, new(at, ScheduleNoteKind.Missed, $"Nodes could not agree on who begins it: {e.Message}"));
            return;
        }
        catch (OperationCanceledException)
        {
            return;
        }
        if (answer == DueAnswer.Elsewhere)
            return;
        if (answer == DueAnswer.Begin)
            await RunAsync(schedule, at);
        else
            await NoteAsync(schedule.Name, new(at, ScheduleNoteKind.Skipped, StillRunning));
        await OverAsync(schedule.Name, at);
    }

    /// <summary>Notes what came of a moment that this node did not begin, unless another one did or has noted the same.</summary>
    private async Task TellAsync(string name, ScheduleNote note)
    {
        if (await AgreedAsync(async () => await _moments.AskAsync(name, note.At, _stop.Token) != DueAnswer.Elsewhere))
        {
            await NoteAsync(name, note);
            await OverAsync(name, note.At);
        }
    }

    private async Task OverAsync(string name, DateTimeOffset at) => await AgreedAsync(async () =>
    {
        await _moments.OverAsync(name, at);
        return true;
    });

    /// <summary>Does what nodes must agree on, again and again until it goes; false if that is not before the end of the service.</summary>
    private async Task<bool> AgreedAsync(Func<Task<bool>> what)
    {
        while (true)
        {
            try
            {
                return await what();
            }
            catch (IOException) when (!_stop.IsCancellationRequested)
            {
                await Task.WhenAny(Task.Delay(Again, _time, _stop.Token));
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                return false;
            }
        }
    }

    private async Task RunAsync(DrillSchedule schedule, DateTimeOffset at)
    {
        DrillOutcome outcome;
        try
        {
            outcome = await _begin(schedule, run => _ = TellBegunAsync(schedule.Name, at, run), _stop.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Nobody waits for this task: what went wrong is told where the schedule is shown.
            outcome = new(ScheduleNoteKind.Failed, e.Message);
        }
        await NoteAsync(schedule.Name, new(at, outcome.What, outcome.Why, outcome.Drill) { Run = outcome.Run });
    }

    private async Task TellBegunAsync(string name, DateTimeOffset at, string run)
    {
        try
        {
            await _moments.BegunAsync(name, at, run);
        }
        catch (IOException)
        {
            // It only matters if this node dies, and then the moment is noted without its record.
        }
    }

    private void Missed(string name, DateTimeOffset at) =>
        _ = TellAsync(name, new(at, ScheduleNoteKind.Missed, "Nobody watched the clock at that moment; it is not made up for."));

    private async Task NoteAsync(string name, ScheduleNote note)
    {
        try
        {
            var wasOff = Find(name)?.State.Off;
            var after = Apply(name, before => before is null ? null : before with { State = before.State.After(note, before.Schedule.DisableAfter) });
            if (after is { State.Off: not null } && wasOff is null && _clock is not null)
                await _clock.RemoveAsync(name);
        }
        catch (IOException) when (_moments is not NobodyElse && !_stop.IsCancellationRequested)
        {
            // The other nodes hear of it when they can be told again.
            await Task.WhenAny(Task.Delay(Again, _time, _stop.Token));
            await NoteAsync(name, note);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk is full or the folder gone: the service's health says so, and the drill's own record tells how it went.
        }
    }
}
