namespace Pressure.Mirror;

/// <summary>What copying may take. Whatever does not fit is dropped and counted, the newest first.</summary>
public sealed record CopyLimits
{
    /// <summary>Bytes of a request's body; longer ones are not copied. Answers that are compared or recorded are kept up to as many.</summary>
    public int MaxBody { get; init; } = 1 << 20;

    /// <summary>Bytes that copies may hold, from when a request begins to pass until its copy is answered.</summary>
    public long QueueBytes { get; init; } = 64 << 20;

    /// <summary>Copies that may wait.</summary>
    public int QueueRequests { get; init; } = 10_000;

    /// <summary>Copies under way at a time.</summary>
    public int Concurrency { get; init; } = 64;

    /// <summary>How long the test target may take to answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    internal IEnumerable<MirrorProblem> Problems()
    {
        if (MaxBody is < 0 or > 32 << 20)
            yield return new("--max-body", "It is out of bounds", "Choose between 0 and 32MiB.");
        if (QueueBytes is < 64 << 10 or > 1L << 40)
            yield return new("--queue", "It is out of bounds", "Choose at least 64KiB.");
        else if (MaxBody > QueueBytes)
            yield return new("--max-body", "It is larger than --queue: such a body would never fit", "Choose a smaller one, or a larger queue.");
        if (QueueRequests is < 1 or > 1_000_000)
            yield return new("--queue-requests", "It is out of bounds", "Choose between 1 and 1000000.");
        if (Concurrency is < 1 or > 10_000)
            yield return new("--concurrency", "It is out of bounds", "Choose between 1 and 10000.");
        if (Timeout < TimeSpan.FromMilliseconds(1) || Timeout > TimeSpan.FromHours(1))
            yield return new("--timeout", "It is out of bounds", "Choose between 1ms and 1h.");
    }
}

/// <summary>When the test target is left alone.</summary>
public sealed record BreakerRules
{
    /// <summary>Failures one after the other that open the breaker.</summary>
    public int Consecutive { get; init; } = 10;

    /// <summary>Share of failures that opens it, when there were at least <see cref="AtLeast"/> copies within <see cref="Window"/>.</summary>
    public double Share { get; init; } = 0.5;

    /// <summary>See <see cref="Share"/>.</summary>
    public int AtLeast { get; init; } = 20;

    /// <summary>See <see cref="Share"/>.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it stays open before one copy is tried; twice as long after each that fails, up to <see cref="LongestPause"/>.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>See <see cref="Pause"/>.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);
}
