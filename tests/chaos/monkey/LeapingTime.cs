namespace Pressure.Chaos.Tests.Monkeys;

/// <summary>A clock that leaps to whatever is waited for: years pass in a second, all on one thread. Cancels when its end is reached.</summary>
internal sealed class LeapingTime(DateTimeOffset begin, DateTimeOffset end) : TimeProvider, IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly long _origin = begin.Ticks;
    private DateTimeOffset _now = begin;

    /// <summary>How much later than asked every timer fires.</summary>
    public TimeSpan Late { get; init; }

    public CancellationToken Over => _over.Token;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks - _origin;

    /// <summary>The machine sleeps: nobody's timer fires meanwhile.</summary>
    public void Sleep(TimeSpan by) => _now += by;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _now += dueTime + Late;
        if (_now >= end)
            _over.Cancel();
        callback(state);
        return new Fired();
    }

    public void Dispose() => _over.Dispose();

    private sealed class Fired : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
