namespace Pressure.Record;

/// <summary>What a plateau of a capacity search is for.</summary>
public enum SearchPhase
{
    /// <summary>The rate rises by a factor until something breaks.</summary>
    Ramp,

    /// <summary>The gap between the highest rate that held and the lowest that broke is halved.</summary>
    Bisect,

    /// <summary>The rate found has to hold again.</summary>
    Confirm,

    /// <summary>The rate found did not hold again: the search goes down.</summary>
    StepDown,

    /// <summary>The rate that broke has to break again.</summary>
    Recheck,
}

/// <summary>How a plateau of a capacity search came out.</summary>
public enum PlateauOutcome
{
    /// <summary>Every criterion held, and throughput followed.</summary>
    Held,

    /// <summary>A criterion did not hold, or throughput no longer followed.</summary>
    Broke,

    /// <summary>The load generator could not keep up: the plateau says nothing about the target.</summary>
    GeneratorSaturated,
}

/// <summary>A criterion of a capacity search with what a plateau measured.</summary>
/// <param name="Metric">Metric as written, or <see cref="Throughput"/>.</param>
/// <param name="Expression">Expression as written.</param>
/// <param name="Limit">Its value: milliseconds of durations, 0 to 1 of shares.</param>
/// <param name="Held">Whether it held.</param>
/// <param name="Actual">What was measured; null when there was nothing to measure, which breaks the criterion.</param>
public sealed record SearchCriterion(string Metric, string Expression, double Limit, bool Held, double? Actual = null)
{
    /// <summary>Stands for the criterion that every search has: the share of the asked requests that ended well.</summary>
    public const string Throughput = "throughput";
}

/// <summary>One plateau of a capacity search: a steady rate, what it gave, and how it was judged. Durations in milliseconds.</summary>
public sealed record SearchPlateau
{
    /// <summary>From 1, in order of time.</summary>
    public required int Number { get; init; }

    /// <summary>What it was for.</summary>
    public required SearchPhase Phase { get; init; }

    /// <summary>The rate offered, requests per second.</summary>
    public required double Rate { get; init; }

    /// <summary>First measured second of the run: the settling before it is left out.</summary>
    public required int FromSecond { get; init; }

    /// <summary>Number of measured seconds.</summary>
    public required int Seconds { get; init; }

    /// <summary>Requests asked in them.</summary>
    public required long Asked { get; init; }

    /// <summary>Requests that ended well in them.</summary>
    public required long Ok { get; init; }

    /// <summary>Requests that failed in them.</summary>
    public required long Failed { get; init; }

    /// <summary>Mean response time; null when nothing ended.</summary>
    public double? Mean { get; init; }

    /// <summary>Median response time.</summary>
    public double? P50 { get; init; }

    /// <summary>95th percentile.</summary>
    public double? P95 { get; init; }

    /// <summary>99th percentile.</summary>
    public double? P99 { get; init; }

    /// <summary>The criteria in the plan's order; at the end that of throughput.</summary>
    public required IReadOnlyList<SearchCriterion> Criteria { get; init; }

    /// <summary>How it came out.</summary>
    public required PlateauOutcome Outcome { get; init; }

    /// <summary>Requests per second that ended well.</summary>
    public double Delivered => Seconds > 0 ? (double)Ok / Seconds : 0;

    /// <summary>Share (0 to 1) of the ended requests that failed.</summary>
    public double ErrorShare => Ok + Failed > 0 ? (double)Failed / (Ok + Failed) : 0;

    /// <summary>The first criterion that did not hold; null when all held.</summary>
    public SearchCriterion? BrokenBy => Criteria.FirstOrDefault(c => !c.Held);
}
