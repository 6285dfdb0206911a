namespace Pressure.Web.Captures;

/// <summary>
/// How far a host's clock is from this one's. Whatever the host says has been on its way for a while, so the smallest difference seen is the best one; those of
/// more than two minutes ago are forgotten, since clocks drift and are set.
/// </summary>
internal sealed class HostClock(TimeProvider time)
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private long _since = time.GetTimestamp();
    private long _best = long.MaxValue;
    private long _before = long.MaxValue;

    /// <summary>What to add to the host's times, in nanoseconds; 0 while nothing is known.</summary>
    public long Offset => Math.Min(_best, _before) is var offset and not long.MaxValue ? offset : 0;

    /// <summary>Takes what the host's clock was when it answered.</summary>
    /// <param name="there">In nanoseconds since 1970.</param>
    public void Learn(long there)
    {
        if (there <= 0)
            return;
        if (time.GetElapsedTime(_since) > Memory)
            (_before, _best, _since) = (_best, long.MaxValue, time.GetTimestamp());
        _best = Math.Min(_best, (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick - there);
    }
}
