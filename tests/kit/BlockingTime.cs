namespace Pressure.TestKit;

/// <summary>The system's clock, which on threads of a name never answers again once it is told to: a blocked thread, without a hook in the code.</summary>
public sealed class BlockingTime(string threadName) : TimeProvider, IDisposable
{
    private readonly ManualResetEventSlim _released = new();
    private volatile bool _block;

    /// <summary>Whether those threads block from now on.</summary>
    public bool Block
    {
        get => _block;
        set => _block = value;
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => System.TimestampFrequency;

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        if (_block && Thread.CurrentThread.Name == threadName)
            _released.Wait();
        return System.GetTimestamp();
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, dueTime, period);

    /// <summary>Lets them go on.</summary>
    public void Dispose() => _released.Set();
}
