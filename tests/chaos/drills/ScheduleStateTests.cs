namespace Pressure.Chaos.Tests;

public sealed class ScheduleStateTests
{
    [Fact]
    public void So_many_failures_in_a_row_switch_it_off_and_say_why()
    {
        var state = After(3, ScheduleNoteKind.Failed, ScheduleNoteKind.Held, ScheduleNoteKind.Failed, ScheduleNoteKind.Failed);
        Assert.Null(state.Off);
        state = state.After(Note(ScheduleNoteKind.Failed), 3);
        Assert.Contains("3 failures in a row", state.Off, StringComparison.Ordinal);
        Assert.Contains("because", state.Off, StringComparison.Ordinal);
        Assert.Null(state.On().Off);
        Assert.Null(state.On().After(Note(ScheduleNoteKind.Failed), 3).Off);
    }

    [Theory]
    [InlineData(ScheduleNoteKind.Refused)]
    [InlineData(ScheduleNoteKind.Stopped)]
    [InlineData(ScheduleNoteKind.Skipped)]
    [InlineData(ScheduleNoteKind.Missed)]
    public void What_says_nothing_of_the_system_counts_neither_way(ScheduleNoteKind kind)
    {
        var state = After(3, ScheduleNoteKind.Failed, ScheduleNoteKind.Failed, kind);
        Assert.Equal((2, null), (state.FailuresInRow, state.Off));
    }

    [Fact]
    public void With_0_it_goes_on_whatever_happens() =>
        Assert.Null(After(0, [.. Enumerable.Repeat(ScheduleNoteKind.Failed, 60)]).Off);

    [Fact]
    public void Only_the_latest_notes_are_kept() =>
        Assert.Equal(ScheduleState.Kept, After(0, [.. Enumerable.Repeat(ScheduleNoteKind.Held, 60)]).Notes.Count);

    private static ScheduleState After(int disableAfter, params ScheduleNoteKind[] kinds) =>
        kinds.Aggregate(new ScheduleState(), (state, kind) => state.After(Note(kind), disableAfter));

    private static ScheduleNote Note(ScheduleNoteKind kind) => new(default, kind, "because");
}
