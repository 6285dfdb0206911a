namespace Pressure.Faults;

/// <summary>What is done to the bytes of one direction of connections, as long as it holds.</summary>
/// <param name="Delay">Every byte arrives so much later.</param>
/// <param name="Jitter">And so much earlier or later by chance, but never before bytes that were sent before it.</param>
/// <param name="BitRate">Bits per second of a connection; null for as many as go.</param>
/// <param name="Held">Nothing passes; what is sent waits.</param>
public readonly record struct Flow(TimeSpan Delay = default, TimeSpan Jitter = default, long? BitRate = null, bool Held = false)
{
    /// <summary>Two at once: delays add up, the narrower rate counts.</summary>
    public static Flow operator +(Flow one, Flow other) => Add(one, other);

    /// <summary>Two at once: delays add up, the narrower rate counts.</summary>
    public static Flow Add(Flow one, Flow other) =>
        new(one.Delay + other.Delay, one.Jitter + other.Jitter, one.BitRate is { } rate && other.BitRate is { } limit ? Math.Min(rate, limit) : one.BitRate ?? other.BitRate, one.Held || other.Held);
}

/// <summary>A flow that changes, and tells of it. Thread-safe.</summary>
public sealed class FlowState
{
    private volatile Holding _now = new(default);

    /// <summary>What holds now, and what completes when it does not any more.</summary>
    public (Flow Flow, Task Changed) Now => _now is var now ? (now.Flow, now.Changed.Task) : default;

    /// <summary>Lets another one hold, also for bytes that wait already.</summary>
    public void Set(Flow flow)
    {
        var before = Interlocked.Exchange(ref _now, new Holding(flow));
        before.Changed.TrySetResult();
    }

    private sealed class Holding(Flow flow)
    {
        public Flow Flow => flow;

        public TaskCompletionSource Changed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
