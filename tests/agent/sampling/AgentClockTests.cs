namespace Pressure.Agent.Tests.Sampling;

public class AgentClockTests
{
    private readonly SetClock _host = new();

    [Fact]
    public void It_goes_on_as_before_when_somebody_sets_the_hosts_clock()
    {
        var clock = new AgentClock(_host);
        var before = clock.GetUtcNow();

        _host.Set(TimeSpan.FromHours(-3));
        _host.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(TimeSpan.FromSeconds(2), clock.GetUtcNow() - before);
    }

    [Fact]
    public void A_clock_that_was_set_is_told_once_and_by_how_much()
    {
        var clock = new AgentClock(_host);
        Assert.Null(clock.Jump());

        _host.Set(TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.FromMinutes(5), clock.Jump());
        Assert.Null(clock.Jump());

        _host.Set(TimeSpan.FromMinutes(-6));
        Assert.Equal(TimeSpan.FromMinutes(-6), clock.Jump());
    }

    private sealed class SetClock : TimeProvider
    {
        private TimeSpan _set;

        public FakeTime Time { get; } = new();

        public override long TimestampFrequency => Time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Time.GetUtcNow() + _set;

        public override long GetTimestamp() => Time.GetTimestamp();

        public void Set(TimeSpan by) => _set += by;
    }
}
