namespace Pressure.Agent;

/// <summary>
/// The agent's clock: the host's (UTC) as it stood when the agent started, going on with the monotonic one. So no entry is moved when somebody sets the
/// host's clock; the centre measures this clock's offset, not the host's.
/// </summary>
public sealed class AgentClock
{
    // Slewing by NTP stays far below; a step does not.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time;
    private readonly DateTimeOffset _anchor;
    private readonly long _start;
    private long _ahead;

    /// <summary>A clock that begins at the host's.</summary>
    public AgentClock(TimeProvider time)
    {
        _time = time;
        _anchor = time.GetUtcNow();
        _start = time.GetTimestamp();
    }

    /// <summary>The moment.</summary>
    public DateTimeOffset Now => _anchor + _time.GetElapsedTime(_start);

    /// <summary>A moment that was read off the host's clock since it last jumped, on this one.</summary>
    public DateTimeOffset FromHost(DateTimeOffset at) => at - TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    /// <summary>By how much the host's clock was set (forward is positive) since the last look; null if it was not.</summary>
    public TimeSpan? Jump()
    {
        var ahead = _time.GetUtcNow() - Now;
        var by = ahead - TimeSpan.FromTicks(Interlocked.Read(ref _ahead));
        if (by.Duration() < Step)
            return null;
        Interlocked.Exchange(ref _ahead, ahead.Ticks);
        return by;
    }
}
