using Pressure.Record;

namespace Pressure.Mirror;

/// <summary>Everything that a mirror has counted, at one moment.</summary>
public sealed record MirrorStatus
{
    /// <summary>The mirror's name in the marks of its copies.</summary>
    public required string Id { get; init; }

    /// <summary>How long it has been running, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether copying is paused.</summary>
    public required bool IsPaused { get; init; }

    /// <summary>What went to production.</summary>
    public required ProductionStatus Production { get; init; }

    /// <summary>What went to the test target; null without one.</summary>
    public CopyStatus? Copies { get; init; }

    /// <summary>What went into a capture; null without one.</summary>
    public RecordStatus? Record { get; init; }

    /// <summary>How the answers compare; null when they are not compared.</summary>
    public DifferenceRecord? Differences { get; init; }
}

/// <summary>What went to production.</summary>
/// <param name="Requests">Requests that came.</param>
/// <param name="Answers">Answers by class of status: <c>2xx</c>.</param>
/// <param name="Failed">Requests that production did not answer; the client got 502 or 504, or a broken answer.</param>
/// <param name="Aborted">Requests whose client went away.</param>
/// <param name="Times">How long answers took.</param>
public sealed record ProductionStatus(long Requests, IReadOnlyDictionary<string, long> Answers, long Failed, long Aborted, AnswerTimes Times);

/// <summary>What went to the test target. Requests that came = the sum of <see cref="Fates"/> + <see cref="Open"/>.</summary>
/// <param name="Fates">How many copies met which fate, by word, those that none has met left out.</param>
/// <param name="Open">Those whose fate is not known yet.</param>
/// <param name="Waiting">Of these, waiting.</param>
/// <param name="UnderWay">Of these, on their way to the test target.</param>
/// <param name="HeldBytes">Memory that they take.</param>
/// <param name="HighestHeldBytes">The most that they took at a time.</param>
/// <param name="SentBytes">Bytes of bodies that were copied.</param>
/// <param name="Answers">The test target's answers by class of status.</param>
/// <param name="Times">How long they took.</param>
/// <param name="ProductionTimes">How long production took for the same requests.</param>
/// <param name="Breaker">How the test target's breaker stands: <c>closed</c>, <c>open</c>, <c>half-open</c>.</param>
/// <param name="Openings">How often it opened.</param>
public sealed record CopyStatus(
    IReadOnlyDictionary<string, long> Fates,
    long Open,
    int Waiting,
    int UnderWay,
    long HeldBytes,
    long HighestHeldBytes,
    long SentBytes,
    IReadOnlyDictionary<string, long> Answers,
    AnswerTimes Times,
    AnswerTimes ProductionTimes,
    string Breaker,
    long Openings)
{
    /// <summary>How the secondary's breaker stands; null without one.</summary>
    public string? SecondaryBreaker { get; init; }

    /// <summary>Copies that the test target answered.</summary>
    public long Copied => Fates.GetValueOrDefault(CopyFate.Copied.Word());
}

/// <summary>What went into a capture.</summary>
/// <param name="Recorded">Exchanges handed to the capture.</param>
/// <param name="Waiting">Exchanges that wait for it.</param>
/// <param name="Dropped">Exchanges that were dropped, by reason.</param>
/// <param name="Failure">Why nothing is recorded any more; null while all is well.</param>
public sealed record RecordStatus(long Recorded, int Waiting, IReadOnlyDictionary<string, long> Dropped, string? Failure);
