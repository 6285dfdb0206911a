namespace Pressure.Cluster.Tests;

/// <summary>A target that answers 200, at once or after a delay, and counts.</summary>
internal sealed class CountingTarget(TimeSpan delay = default) : ListeningTarget
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    protected override TimeSpan Take()
    {
        Interlocked.Increment(ref _count);
        return delay;
    }
}
