namespace Pressure.Cluster.Tests;

/// <summary>The system's clock, which a test can let jump: what a process sees that was frozen for a while.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _jumped;

    /// <inheritdoc/>
    public override long TimestampFrequency => System.TimestampFrequency;

    /// <summary>So much later at once, without any timer having fired in between.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref _jumped, by.Ticks);

    /// <inheritdoc/>
    public override long GetTimestamp() => System.GetTimestamp() + (Interlocked.Read(ref _jumped) * (System.TimestampFrequency / TimeSpan.TicksPerSecond));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _jumped));

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, dueTime, period);
}
