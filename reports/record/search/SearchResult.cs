namespace Pressure.Record;

/// <summary>Why a capacity search ended.</summary>
public enum SearchEnding
{
    /// <summary>The highest rate that holds lies between two rates closer than the resolution.</summary>
    Found,

    /// <summary>The highest rate to try held.</summary>
    ReachedTo,

    /// <summary>Not even the lowest rate held.</summary>
    NeverHeld,

    /// <summary>The time for the search was over before the gap was narrow.</summary>
    TimeRanOut,

    /// <summary>The load generator could not keep up before the target broke: its limit, not the target's.</summary>
    GeneratorSaturated,

    /// <summary>Somebody stopped the run.</summary>
    Stopped,

    /// <summary>The run broke off.</summary>
    Interrupted,
}

/// <summary>What a capacity search found. Rates are requests per second.</summary>
public sealed record SearchResult
{
    /// <summary>Why it ended.</summary>
    public required SearchEnding Ending { get; init; }

    /// <summary>Highest rate that held; null when none did.</summary>
    public double? Holds { get; init; }

    /// <summary>Whether it held again when it was confirmed.</summary>
    public bool Confirmed { get; init; }

    /// <summary>Lowest rate that broke; null when none did.</summary>
    public double? Breaks { get; init; }

    /// <summary>The first criterion that did not hold there.</summary>
    public SearchCriterion? BrokenBy { get; init; }

    /// <summary>Rate at which the load generator could not keep up; null when it always could.</summary>
    public double? GeneratorLimit { get; init; }

    /// <summary>Offered rate beyond which response time grows faster than throughput; null when no rate beyond it was seen.</summary>
    public double? Knee { get; init; }

    /// <summary>How far the result can be relied on, 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>Plateaus near the result.</summary>
    public required int Near { get; init; }

    /// <summary>Those of them that agree with it.</summary>
    public required int Agreeing { get; init; }
}

/// <summary>A capacity search as asked. Rates are requests per second.</summary>
public sealed record SearchManifest
{
    /// <summary>What must hold, in the plan's order.</summary>
    public required IReadOnlyList<ThresholdManifest> Slo { get; init; }

    /// <summary>First rate.</summary>
    public required double From { get; init; }

    /// <summary>Highest rate to try; null for as high as it goes.</summary>
    public double? To { get; init; }

    /// <summary>Length of a plateau, settling included.</summary>
    public required TimeSpan Plateau { get; init; }

    /// <summary>How close the rates that hold and break shall come, as a share (0 to 1) of the lower one.</summary>
    public required double Resolution { get; init; }
}
