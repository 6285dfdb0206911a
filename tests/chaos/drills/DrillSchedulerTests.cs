namespace Pressure.Chaos.Tests;

public sealed class DrillSchedulerTests : IDisposable
{
    private static readonly DrillSchedule EveryHour = new() { Name = "hourly", Experiment = "kill-one", Cron = "0 * * * *", DisableAfter = 2 };
    private readonly TempFolder _temp = new();
    private readonly FakeTime _time = new();
    private readonly Lock _gate = new();
    private readonly List<string> _begun = [];
    private Func<CancellationToken, Task<DrillOutcome>> _drill = _ => Task.FromResult(new DrillOutcome(ScheduleNoteKind.Held, "", "d1"));

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_drill_begins_at_its_moment_and_its_outcome_is_noted()
    {
        await using var scheduler = await StartAsync(EveryHour);
        await TurnAsync(scheduler, TimeSpan.FromHours(1), notes: 1);
        var note = Assert.Single(Notes(scheduler));
        Assert.Equal((ScheduleNoteKind.Held, "d1", 1), (note.What, note.Drill, note.At.Hour));
        await TurnAsync(scheduler, TimeSpan.FromHours(1), notes: 2);
        Assert.Equal(2, _begun.Count);
    }

    [Fact]
    public async Task One_that_is_still_running_makes_the_next_one_be_skipped()
    {
        var over = new TaskCompletionSource<DrillOutcome>();
        _drill = _ => over.Task;
        await using var scheduler = await StartAsync(EveryHour);
        await TurnAsync(scheduler, TimeSpan.FromHours(1), notes: 0);
        await UntilAsync(() => _begun.Count == 1);
        await TurnAsync(scheduler, TimeSpan.FromHours(1), notes: 1);
        Assert.Equal(ScheduleNoteKind.Skipped, Assert.Single(Notes(scheduler)).What);
        over.SetResult(new(ScheduleNoteKind.Held, ""));
        await UntilAsync(() => Notes(scheduler).Count == 2);
        Assert.Single(_begun);
    }

    [Fact]
    public async Task Failures_in_a_row_switch_it_off_until_somebody_switches_it_on()
    {
        _drill = _ => throw new InvalidOperationException("the item service is gone");
        await using var scheduler = await StartAsync(EveryHour);
        await TurnAsync(scheduler, TimeSpan.FromHours(1), notes: 1);
        await TurnAsync(scheduler, TimeSpan.FromHours(1), notes: 2);
        Assert.Contains("the item service is gone", scheduler.Find("hourly")!.State.Off, StringComparison.Ordinal);
        await TurnAsync(scheduler, TimeSpan.FromHours(3), notes: 2, isDue: false);
        Assert.Equal(2, _begun.Count);

        _drill = _ => Task.FromResult(new DrillOutcome(ScheduleNoteKind.Held, ""));
        Assert.True(await scheduler.SwitchAsync("hourly", null));
        await TurnAsync(scheduler, TimeSpan.FromHours(1), notes: 3);
        Assert.Equal(3, _begun.Count);
    }

    [Fact]
    public async Task Schedules_outlive_the_service_and_what_was_missed_meanwhile_is_not_made_up_for()
    {
        await using (var first = await StartAsync(EveryHour))
            await TurnAsync(first, TimeSpan.FromHours(1), notes: 1);
        _time.Advance(TimeSpan.FromHours(10.5));
        await using var second = await StartAsync();
        Assert.Single(Notes(second));
        Assert.Single(_begun);
        await TurnAsync(second, TimeSpan.FromHours(0.5), notes: 2);
        Assert.Equal(2, _begun.Count);
    }

    [Fact]
    public async Task The_calendar_holds_for_the_clock_too()
    {
        // The fake clock begins on Thursday 2026-01-01.
        await using var scheduler = await StartAsync(EveryHour with { Hours = "09:00-10:00", Holidays = [new DateOnly(2026, 1, 1)] });
        await TurnAsync(scheduler, TimeSpan.FromHours(24), notes: 0, isDue: false);
        Assert.Empty(_begun);
        await TurnAsync(scheduler, TimeSpan.FromHours(9), notes: 1);
        await TurnAsync(scheduler, TimeSpan.FromHours(1), notes: 1, isDue: false);
        Assert.Equal(9, Assert.Single(Notes(scheduler)).At.Hour);
    }

    [Fact]
    public async Task The_end_of_the_service_ends_the_drill_that_it_began()
    {
        _drill = async stop =>
        {
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            return new(ScheduleNoteKind.Stopped, "the end of the service");
        };
        var scheduler = await StartAsync(EveryHour);
        await TurnAsync(scheduler, TimeSpan.FromHours(1), notes: 0);
        await UntilAsync(() => _begun.Count == 1);
        await scheduler.DisposeAsync();
        Assert.Equal(ScheduleNoteKind.Stopped, Assert.Single(Notes(scheduler)).What);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_told_of_and_the_others_go_on()
    {
        await (await StartAsync(EveryHour)).DisposeAsync();
        await File.WriteAllTextAsync(_temp.File("broken.json"), "{", TestContext.Current.CancellationToken);
        File.Copy(_temp.File("hourly.json"), _temp.File("copy.json"));
        await using var scheduler = await StartAsync();
        Assert.Equal("hourly", Assert.Single(scheduler.All).Schedule.Name);
        Assert.Equal(2, scheduler.Unreadable.Count);
    }

    private static IReadOnlyList<ScheduleNote> Notes(DrillScheduler scheduler) => scheduler.Find("hourly")!.State.Notes;

    private async Task<DrillScheduler> StartAsync(params DrillSchedule[] schedules)
    {
        var scheduler = new DrillScheduler(_temp.Path, _time, (schedule, _, stop) =>
        {
            lock (_gate)
                _begun.Add(schedule.Name);
            return _drill(stop);
        });
        await scheduler.StartAsync();
        foreach (var schedule in schedules)
            Assert.Empty(await scheduler.SetAsync(schedule));
        return scheduler;
    }

    /// <summary>
    /// Turns the clock hour by hour and waits for what is noted. Nothing is due before the last of the hours: Quartz may take its time to hear of a moment, and
    /// one that the clock has passed by then counts as missed.
    /// </summary>
    private async Task TurnAsync(DrillScheduler scheduler, TimeSpan by, int notes, bool isDue = true)
    {
        var (begun, noted) = (_begun.Count, Notes(scheduler).Count);
        for (var left = by; left > TimeSpan.Zero; left -= TimeSpan.FromHours(1))
        {
            var isLast = left <= TimeSpan.FromHours(1);
            _time.Advance(isLast ? left : TimeSpan.FromHours(1));
            if (isLast && isDue)
                await UntilAsync(() => _begun.Count > begun || Notes(scheduler).Count > noted);
            else
                await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        await UntilAsync(() => Notes(scheduler).Count >= notes);
        Assert.Equal(notes, Notes(scheduler).Count);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 6_000, "It did not come.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
