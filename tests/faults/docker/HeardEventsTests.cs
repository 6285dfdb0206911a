namespace Pressure.Faults.Tests;

public sealed class HeardEventsTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void What_is_told_again_counts_once_in_whatever_order()
    {
        var heard = new HeardEvents(100 * Second);

        Assert.True(heard.IsNew(Event(103, "a")));
        Assert.True(heard.IsNew(Event(102, "b")));
        Assert.True(heard.IsNew(Event(103, "b")));
        Assert.False(heard.IsNew(Event(103, "a")));
        Assert.False(heard.IsNew(Event(102, "b")));
        Assert.Equal(101 * Second, heard.Until);
    }

    [Fact]
    public void What_is_from_before_does_not_count() => Assert.False(new HeardEvents(100 * Second).IsNew(Event(99, "a")));

    [Fact]
    public void What_is_long_past_is_forgotten_and_stays_past()
    {
        var heard = new HeardEvents(0);
        for (var i = 1; i <= 5000; i++)
            Assert.True(heard.IsNew(Event(i, "a")));

        Assert.All(Enumerable.Range(1, 4990), i => Assert.False(heard.IsNew(Event(i, "a"))));
    }

    private static EngineEvent.Changed Event(long second, string id) => new(second * Second, id, id, "die");
}
