namespace Pressure.Agent;

/// <summary>
/// A target's monotonic clock against this process's. All processes of a host have the same one, so the target's own wall clock, which may
/// jump, is not needed; in a time namespace of its own the target's is off by a constant, which is then taken from the stream's begin.
/// </summary>
internal readonly struct TargetClock
{
    private readonly TimeProvider _time;
    private readonly long _frequency;
    private readonly long _ahead; // the target's ticks less ours, as ticks of the stream

    /// <summary>Compares the clocks.</summary>
    /// <param name="told">What the stream says.</param>
    /// <param name="asked">Our timestamp before the stream was asked for.</param>
    /// <param name="time">Our clock.</param>
    public TargetClock(NettraceClock told, long asked, TimeProvider time)
    {
        (_time, _frequency) = (time, told.Frequency);
        var now = Scale(time.GetTimestamp());
        _ahead = told.Sync >= Scale(asked) && told.Sync <= now ? 0 : told.Sync - now;
    }

    /// <summary>One of our timestamps in ticks of the stream.</summary>
    public long Ticks(long timestamp) => Scale(timestamp) + _ahead;

    /// <summary>The host's wall clock, as it stands now, at a tick of the stream.</summary>
    public DateTimeOffset Utc(long ticks)
    {
        var ago = Span(Ticks(_time.GetTimestamp()) - ticks);
        var now = _time.GetUtcNow();
        return now.Ticks > ago.Ticks && ago > -TimeSpan.FromDays(1) ? now - ago : now;
    }

    /// <summary>Ticks of the stream as a time.</summary>
    public TimeSpan Span(long ticks) => TimeSpan.FromTicks((long)Int128.Clamp((Int128)ticks * TimeSpan.TicksPerSecond / _frequency, long.MinValue / 2, long.MaxValue / 2));

    private long Scale(long timestamp) => (long)((Int128)timestamp * _frequency / _time.TimestampFrequency);
}
