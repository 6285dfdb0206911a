namespace Pressure.TrafficCopy.Tests;

/// <summary>What passed before a capture was told to end is read, wherever its thread loses its core.</summary>
public class LastReadingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly FakeTime _time = new();
    private readonly LastReading _last;

    public LastReadingTests() => _last = new(_time, Patience);

    [Fact]
    public void It_goes_on_while_nobody_tells_it_to_end() => Assert.Null(Read(foundEnd: true));

    [Fact]
    public void A_reading_that_began_too_early_is_not_the_last_however_late_it_ends()
    {
        _last.Ask(LiveCaptureEnd.Stopped);
        _last.Begin();
        // The block was still the kernel's when it looked; then the thread lost its core.
        _time.Advance(10 * Patience);

        Assert.Null(_last.After(foundEnd: true, lastAt: 0));
        Assert.Equal(LiveCaptureEnd.Stopped, Read(foundEnd: true));
    }

    [Fact]
    public void A_reading_that_broke_off_with_more_to_come_is_not_the_last()
    {
        _last.Ask(LiveCaptureEnd.Time);
        _time.Advance(Patience);

        Assert.Null(Read(foundEnd: false));
        Assert.Equal(LiveCaptureEnd.Time, Read(foundEnd: true));
    }

    [Fact]
    public void A_link_that_never_falls_quiet_is_read_up_to_a_packet_from_later()
    {
        var before = Now;
        _last.Ask(LiveCaptureEnd.Stopped);
        _time.Advance(Patience);

        Assert.Null(Read(foundEnd: false, before));
        Assert.Equal(LiveCaptureEnd.Stopped, Read(foundEnd: false, Now));
    }

    [Fact]
    public void The_first_reason_holds_and_its_moment()
    {
        _last.Ask(LiveCaptureEnd.Time);
        _time.Advance(Patience);
        _last.Ask(LiveCaptureEnd.Stopped);

        Assert.Equal(LiveCaptureEnd.Time, Read(foundEnd: true));
    }

    private long Now => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    private LiveCaptureEnd? Read(bool foundEnd, long lastAt = 0)
    {
        _last.Begin();
        return _last.After(foundEnd, lastAt);
    }
}
