namespace Pressure.Chaos.Tests.Probes;

public sealed class ContinuousProbeTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TakenTimeline _timeline;

    public ContinuousProbeTests()
    {
        // Everything goes on in the thread that turns the clock.
        SynchronizationContext.SetSynchronizationContext(null);
        _timeline = new TakenTimeline(new RunClock(_time));
    }

    public void Dispose() => _stop.Dispose();

    [Fact]
    public void The_first_answer_and_every_change_is_told_with_the_time_of_the_question()
    {
        var probe = new ScriptedProbe();
        var run = Start(probe);
        for (var tick = 0; tick < 9; tick++)
        {
            Assert.Equal(tick + 1, probe.Asked);
            _time.Advance(0.3 * Second);
            probe.Answer(tick is < 3 or >= 6);
            _time.Advance(0.7 * Second);
        }
        Stop(run);

        Assert.Equal(
        [
            new TimelineEvent.ProbeHeld(TimeSpan.Zero, "e1", "shop answers", Second),
            new TimelineEvent.ProbeFailed(3 * Second, "e1", "shop answers", "it is down", Second),
            new TimelineEvent.ProbeHeld(6 * Second, "e1", "shop answers", Second),
        ],
        _timeline.Told);
    }

    [Fact]
    public void A_first_answer_that_fails_is_told_too()
    {
        var probe = new ScriptedProbe();
        var run = Start(probe);
        probe.Answer(false);
        Stop(run);

        Assert.Equal([new TimelineEvent.ProbeFailed(TimeSpan.Zero, "e1", "shop answers", "it is down", Second)], _timeline.Told);
    }

    [Fact]
    public void A_late_answer_is_a_failure_and_the_next_question_follows_at_once()
    {
        var probe = new ScriptedProbe();
        var run = Start(probe);
        _time.Advance(Second);
        Assert.Equal(2, probe.Asked);
        probe.Answer(true);
        Stop(run);

        Assert.Equal(
        [
            new TimelineEvent.ProbeFailed(TimeSpan.Zero, "e1", "shop answers", "no answer within 1 s", Second),
            new TimelineEvent.ProbeHeld(Second, "e1", "shop answers", Second),
        ],
        _timeline.Told);
    }

    [Fact]
    public void A_timeout_of_its_own_may_be_shorter_than_the_interval()
    {
        var probe = new ScriptedProbe();
        var run = Start(probe, 0.2 * Second);
        _time.Advance(0.2 * Second);
        Assert.False(probe.Waiting);
        _time.Advance(0.8 * Second);
        Assert.Equal(2, probe.Asked);
        Stop(run);

        Assert.Equal("no answer within 0.2 s", Assert.IsType<TimelineEvent.ProbeFailed>(Assert.Single(_timeline.Told)).Why);
    }

    [Fact]
    public void It_is_never_asked_twice_at_once_even_when_it_heeds_no_cancellation()
    {
        var probe = new ScriptedProbe { Stubborn = true };
        var run = Start(probe);
        _time.Advance(5.5 * Second);
        Assert.Equal(1, probe.Asked);
        probe.Answer(true);
        // Ticks that were missed are not made up for: one question for where the clock is now.
        Assert.Equal(2, probe.Asked);
        probe.Answer(true);
        Assert.Equal(2, probe.Asked);
        _time.Advance(0.5 * Second);
        Assert.Equal(3, probe.Asked);
        probe.Answer(true);
        Stop(run);

        Assert.Equal([TimeSpan.Zero, 5.5 * Second], _timeline.Told.Select(t => t.At));
        Assert.IsType<TimelineEvent.ProbeFailed>(_timeline.Told[0]);
    }

    [Fact]
    public void A_probe_that_breaks_fails_and_is_asked_again()
    {
        var probe = new ScriptedProbe();
        var run = Start(probe);
        probe.Break("oh");
        _time.Advance(Second);
        probe.Answer(true);
        Stop(run);

        Assert.Equal("the probe itself broke: oh", Assert.IsType<TimelineEvent.ProbeFailed>(_timeline.Told[0]).Why);
        Assert.IsType<TimelineEvent.ProbeHeld>(_timeline.Told[1]);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.4)]
    [InlineData(0.99)]
    public void Recovery_is_seen_within_one_interval_also_when_questions_before_were_waited_for_in_vain(double offset)
    {
        var probe = new ScriptedProbe();
        var run = Start(probe);
        probe.Answer(true);
        var back = (4 + offset) * Second;
        for (var step = 0; _timeline.Told.Count < 3 && step < 1000; step++)
        {
            _time.Advance(0.01 * Second);
            if (_timeline.Clock.Now >= back && probe.Waiting)
                probe.Answer(true);
        }
        Stop(run);

        var seen = Assert.IsType<TimelineEvent.ProbeHeld>(_timeline.Told[2]).At;
        Assert.InRange(seen - back, -Second, Second);
    }

    private Task Start(ScriptedProbe probe, TimeSpan? timeout = null) =>
        new ContinuousProbe(new ProbeWatch("e1", "shop answers", Second, timeout), probe, v => (v.Value!.GetValue<bool>(), "it is down"), _timeline, _time).RunAsync(_stop.Token);

    private void Stop(Task run)
    {
        _stop.Cancel();
        Assert.True(run.Wait(TimeSpan.FromSeconds(60)));
    }
}
