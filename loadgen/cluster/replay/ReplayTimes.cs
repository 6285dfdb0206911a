using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>When requests are due: arithmetic from what was captured, never from one gap to the next.</summary>
internal sealed class ReplayTimes
{
    private const long NanosecondsPerTick = 100;

    // Far beyond any run, and still known to be a moment.
    private static readonly TimeSpan Latest = TimeSpan.FromDays(365_000);
    private const long MostExact = 1_000_000_000_000;

    private readonly double _speed;
    private readonly Rate? _rate;
    private readonly long _period;

    /// <param name="order">How fast.</param>
    /// <param name="length">Length of the captures in nanoseconds.</param>
    /// <param name="requests">How many requests they have.</param>
    public ReplayTimes(ReplayOrder order, long length, long requests)
    {
        (_speed, _rate) = (order.Speed, order.Rate);
        _period = PeriodOf(length, requests);
    }

    /// <summary>Whether requests have moments of their own; without, they are due at once.</summary>
    public bool AreTimed => _rate is not null || !double.IsPositiveInfinity(_speed);

    /// <summary>Whether they keep the captured distances, so that copies of clients can be moved apart.</summary>
    public bool AreCaptured => _rate is null && !double.IsPositiveInfinity(_speed);

    /// <summary>When a request is due.</summary>
    /// <param name="offset">When it was captured, in nanoseconds from the beginning.</param>
    /// <param name="loop">How often everything was gone through before.</param>
    /// <param name="number">How many requests come before it.</param>
    public TimeSpan DueOf(long offset, int loop, long number)
    {
        if (_rate is { } rate)
            return number > MostExact ? Latest : TimeSpan.FromTicks((long)Math.Min(Latest.Ticks, number * (decimal)rate.Per.Ticks / rate.Count));
        if (double.IsPositiveInfinity(_speed))
            return TimeSpan.Zero;
        return Ticks(((double)_period * loop + offset) / _speed / NanosecondsPerTick);
    }

    /// <summary>When everything has been gone through, and begins again.</summary>
    public TimeSpan EndOf(int loop, long number) => DueOf(0, loop + 1, number);

    /// <summary>How long it takes; null when nobody knows.</summary>
    /// <param name="order">How fast and how often.</param>
    /// <param name="length">Length of the captures in nanoseconds.</param>
    /// <param name="requests">How many requests they have at the most.</param>
    public static TimeSpan? LengthOf(ReplayOrder order, long length, long requests)
    {
        if (order.Loops == int.MaxValue)
            return null;
        if (order.Rate is { } rate)
            return Ticks((double)requests * order.Multiply * order.Loops * rate.Per.Ticks / (double)rate.Count);
        if (double.IsPositiveInfinity(order.Speed))
            return null;
        var jitter = order.Multiply > 1 ? order.Jitter.Ticks : 0;
        return Ticks(((double)PeriodOf(length, requests) * (order.Loops - 1) + length) / order.Speed / NanosecondsPerTick + jitter);
    }

    /// <summary>After which time everything begins again: the length, and the usual distance between two requests.</summary>
    internal static long PeriodOf(long length, long requests) => length <= 0 ? 1_000_000_000 : length + length / Math.Max(1, requests - 1);

    private static TimeSpan Ticks(double ticks) => TimeSpan.FromTicks((long)Math.Min(ticks, Latest.Ticks));
}
