namespace Pressure.Reports.Export;

/// <summary>How a sink stands.</summary>
/// <param name="Name">What it is called: kind and address, without anything secret.</param>
/// <param name="Sent">Points that it has taken.</param>
/// <param name="Dropped">Points that were dropped: no room in the queue, refused, or not taken in time.</param>
/// <param name="Waiting">Points in the queue or under way.</param>
/// <param name="Problem">Why the last batch was not taken, as an English clause; null while all is well.</param>
/// <param name="FailingSince">Since when batches are not taken; null while all is well.</param>
public sealed record SinkState(string Name, long Sent, long Dropped, int Waiting, string? Problem, DateTimeOffset? FailingSince);

/// <summary>The bounds within which a sink is served.</summary>
public sealed record SinkLimits
{
    /// <summary>Points that wait at the most; further ones are dropped. About 200 bytes each.</summary>
    public int MostWaiting { get; init; } = 100_000;

    /// <summary>Points in a batch, or a single second's if that has more.</summary>
    public int Batch { get; init; } = 5_000;

    /// <summary>How long a first point waits for others.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The first pause after a failure; the next is twice as long, and so on up to <see cref="LongestPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a batch is tried before it is dropped.</summary>
    public int Tries { get; init; } = 10;

    /// <summary>How long the end of a run waits for what is still to be sent.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}
