namespace Pressure.Chaos;

/// <summary>
/// Begins drills when their schedules say so. One that is still running when the next is due makes that one be skipped; what a schedule missed while
/// nobody watched is not made up for; one that fails again and again is switched off. All of it is noted where the schedule is shown. Thread-safe.
/// </summary>
public sealed class DrillScheduler : IAsyncDisposable
{
    private readonly Dictionary<string, KeptSchedule> _schedules = [];
    private readonly Dictionary<string, Task> _running = [];
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changes = new(1);
    private readonly ScheduleFiles _files;
    private readonly TimeProvider _time;
    private readonly Func<DrillSchedule, CancellationToken, Task<DrillOutcome>> _begin;
    private readonly CancellationTokenSource _stop = new();
    private QuartzClock? _clock;

    /// <param name="folder">Where schedules are kept.</param>
    /// <param name="time">The clock.</param>
    /// <param name="begin">Begins a drill and returns when it is over.</param>
    public DrillScheduler(string folder, TimeProvider time, Func<DrillSchedule, CancellationToken, Task<DrillOutcome>> begin)
    {
        (_files, _time, _begin) = (new ScheduleFiles(folder), time, begin);
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
            lock (_gate)
            {
                if (!_schedules.Remove(name))
                    return false;
                _files.Delete(name);
            }
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
        lock (_gate)
        {
            if (change(_schedules.GetValueOrDefault(name)) is not { } after)
                return null;
            _files.Save(after.Schedule, after.State);
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

    private void Due(string name, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (!_schedules.TryGetValue(name, out var kept) || kept.State.Off is not null || _stop.IsCancellationRequested)
                return;
            if (_running.TryGetValue(name, out var before) && !before.IsCompleted)
                _ = NoteAsync(name, new(at, ScheduleNoteKind.Skipped, "The one before was still running."));
            else
                _running[name] = Task.Run(() => RunAsync(kept.Schedule, at));
        }
    }

    private async Task RunAsync(DrillSchedule schedule, DateTimeOffset at)
    {
        DrillOutcome outcome;
        try
        {
            outcome = await _begin(schedule, _stop.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Nobody waits for this task: what went wrong is told where the schedule is shown.
            outcome = new(ScheduleNoteKind.Failed, e.Message);
        }
        await NoteAsync(schedule.Name, new(at, outcome.What, outcome.Why, outcome.Drill));
    }

    private void Missed(string name, DateTimeOffset at) =>
        _ = NoteAsync(name, new(at, ScheduleNoteKind.Missed, "Nobody watched the clock at that moment; it is not made up for."));

    private async Task NoteAsync(string name, ScheduleNote note)
    {
        try
        {
            var wasOff = Find(name)?.State.Off;
            var after = Apply(name, before => before is null ? null : before with { State = before.State.After(note, before.Schedule.DisableAfter) });
            if (after is { State.Off: not null } && wasOff is null && _clock is not null)
                await _clock.RemoveAsync(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk is full or the folder gone: the service's health says so, and the drill's own record tells how it went.
        }
    }
}
