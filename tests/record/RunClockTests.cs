namespace Pressure.Record.Tests;

public sealed class RunClockTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void Offsets_count_from_the_anchor()
    {
        var clock = new RunClock(_time);
        _time.Advance(TimeSpan.FromMilliseconds(1_234));

        Assert.Equal(TimeSpan.FromMilliseconds(1_234), clock.Now);
        Assert.Equal(_time.GetUtcNow(), clock.WallTimeAt(clock.Now));
    }

    [Fact]
    public void With_a_lead_time_offsets_are_negative_until_the_start()
    {
        var clock = new RunClock(_time, TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(-2), clock.Now);

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.Zero, clock.Now);
        Assert.Equal(_time.GetUtcNow(), clock.StartedAt);
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_during_the_run_changes_nothing()
    {
        var time = new SetBack();
        var clock = new RunClock(time);
        var anchor = clock.StartedAt;
        time.Hours = -5;

        Assert.Equal(anchor, clock.StartedAt);
        Assert.Equal(anchor + TimeSpan.FromSeconds(3), clock.WallTimeAt(TimeSpan.FromSeconds(3)));
        Assert.InRange(clock.Now, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    private sealed class SetBack : TimeProvider
    {
        public int Hours { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddHours(Hours);
    }
}
