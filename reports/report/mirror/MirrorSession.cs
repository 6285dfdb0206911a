using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What a mirror did from its start to its end: all that its report is made of. Kept as <c>mirror.json</c>.</summary>
public sealed record MirrorSession
{
    /// <summary>The mirror's name in the marks of its copies.</summary>
    public required string Id { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it ran, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Who answered the clients, as a URL.</summary>
    public required string Production { get; init; }

    /// <summary>Who got the copies, as a URL; null when there was nobody.</summary>
    public string? Target { get; init; }

    /// <summary>Requests that came.</summary>
    public required long Requests { get; init; }

    /// <summary>Of these, which production did not answer.</summary>
    public required long Failed { get; init; }

    /// <summary>Of these, whose client went away.</summary>
    public required long Aborted { get; init; }

    /// <summary>Production's answers by class of status: <c>2xx</c>.</summary>
    public required IReadOnlyDictionary<string, long> Answers { get; init; }

    /// <summary>How long production took for all requests.</summary>
    public required MirrorTimes Times { get; init; }

    /// <summary>The copies; null without a test target.</summary>
    public MirrorCopies? Copies { get; init; }

    /// <summary>The capture that was written; null without one.</summary>
    public MirrorRecorded? Recorded { get; init; }

    /// <summary>How the answers compare; null when they were not compared.</summary>
    public DifferenceRecord? Differences { get; init; }
}

/// <summary>Copies of a mirror. Requests that came = the sum of <paramref name="Fates"/> + <paramref name="Open"/>.</summary>
/// <param name="Fates">What became of them, by stable word, see <see cref="MirrorFates"/>.</param>
/// <param name="Open">Those whose fate was not known in the end.</param>
/// <param name="Answers">The test target's answers by class of status.</param>
/// <param name="Times">How long they took.</param>
/// <param name="ProductionTimes">How long production took for the same requests.</param>
/// <param name="BreakerOpenings">How often the test target was left alone.</param>
/// <param name="HighestHeldBytes">The most memory that copies took at a time.</param>
public sealed record MirrorCopies(
    IReadOnlyDictionary<string, long> Fates,
    long Open,
    IReadOnlyDictionary<string, long> Answers,
    MirrorTimes Times,
    MirrorTimes ProductionTimes,
    long BreakerOpenings,
    long HighestHeldBytes);

/// <summary>How long answers took, in milliseconds.</summary>
public sealed record MirrorTimes(double P50, double P95, double P99, double Max);

/// <summary>What a mirror recorded.</summary>
/// <param name="Capture">The file.</param>
/// <param name="Exchanges">Exchanges in it.</param>
/// <param name="Dropped">Exchanges that are not, by reason.</param>
/// <param name="IsMasked">Whether secrets were masked before it was written.</param>
/// <param name="MaskedValues">How many values were.</param>
/// <param name="Failure">Why it was not written to its end; null when it was.</param>
public sealed record MirrorRecorded(string Capture, long Exchanges, IReadOnlyDictionary<string, long> Dropped, bool IsMasked, long MaskedValues, string? Failure);
