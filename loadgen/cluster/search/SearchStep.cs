using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>What a capacity search wants next. A closed set.</summary>
internal abstract record SearchStep
{
    private SearchStep()
    {
    }

    /// <summary>A plateau.</summary>
    /// <param name="Rate">Requests per second.</param>
    /// <param name="Phase">What it is for.</param>
    /// <param name="BreatheFirst">Whether the target shall get rid of a queue before it.</param>
    public sealed record Plateau(double Rate, SearchPhase Phase, bool BreatheFirst) : SearchStep;

    /// <summary>Nothing more: the search is over.</summary>
    public sealed record Over(SearchResult Result) : SearchStep;
}
