namespace Pressure.Agent;

/// <summary>
/// The agent's clock: the host's (UTC) as it stood when the agent started, going on with the monotonic one. So no entry is moved when somebody sets the
/// host's clock; the centre measures this clock's offset, not the host's.
/// </summary>
public sealed class AgentClock : TimeProvider
{
    // Slewing by NTP stays far below; a step does not.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _host;
    private readonly DateTimeOffset _anchor;
    private readonly long _start;
    private TimeSpan _ahead;

    /// <summary>A clock that begins at the host's.</summary>
    public AgentClock(TimeProvider host)
    {
        _host = host;
        _anchor = host.GetUtcNow();
        _start = host.GetTimestamp();
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => _host.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _anchor + _host.GetElapsedTime(_start);

    /// <inheritdoc/>
    public override long GetTimestamp() => _host.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _host.CreateTimer(callback, state, dueTime, period);

    /// <summary>By how much the host's clock was set (forward is positive) since the last look; null if it was not. Not thread-safe.</summary>
    public TimeSpan? Jump()
    {
        var ahead = _host.GetUtcNow() - GetUtcNow();
        var by = ahead - _ahead;
        if (by.Duration() < Step)
            return null;
        _ahead = ahead;
        return by;
    }
}
