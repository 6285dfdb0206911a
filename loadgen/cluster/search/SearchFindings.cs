using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>What the plateaus of a search say together.</summary>
internal static class SearchFindings
{
    public static SearchResult Of(
        Load.Search asked, IReadOnlyList<SearchPlateau> seen, SearchEnding ending, double? holds, bool confirmed, double? breaks, double? generatorLimit)
    {
        var (near, agreeing) = Agreement(asked, seen, holds, breaks);
        return new SearchResult
        {
            Ending = ending,
            Holds = holds,
            Confirmed = confirmed,
            Breaks = breaks,
            BrokenBy = seen.FirstOrDefault(p => p.Rate.Equals(breaks) && p.Outcome == PlateauOutcome.Broke)?.BrokenBy,
            GeneratorLimit = generatorLimit,
            Knee = Knee(seen),
            Near = near,
            Agreeing = agreeing,
            Confidence = confirmed || ending == SearchEnding.NeverHeld ? Confidence(asked, near, agreeing, holds, breaks) : 0,
        };
    }

    /// <summary>
    /// The offered rate with the greatest power, throughput / mean response time (L. Kleinrock, "Power and deterministic rules of thumb
    /// for probabilistic problems in computer communications", ICC 1979): beyond it response time grows faster than throughput. Null
    /// when that is the highest rate seen. Of several plateaus of one rate the median counts.
    /// </summary>
    public static double? Knee(IEnumerable<SearchPlateau> seen)
    {
        var powers = seen.Where(p => p.Outcome != PlateauOutcome.GeneratorSaturated)
            .GroupBy(p => p.Rate)
            .Select(g => (Rate: g.Key, Power: Median(g.Select(p => p.Mean > 0 ? p.Delivered / p.Mean.Value : 0))))
            .OrderBy(p => p.Rate).ToList();
        if (powers.Count < 2)
            return null;
        var knee = powers.MaxBy(p => p.Power);
        return knee.Rate < powers[^1].Rate ? knee.Rate : null;
    }

    /// <summary>
    /// (agreeing + 1) / (near + 2), Laplace's rule of succession, times resolution / gap where the gap is wider than the resolution.
    /// </summary>
    private static double Confidence(Load.Search asked, int near, int agreeing, double? holds, double? breaks)
    {
        var gap = (breaks - holds) / holds ?? 0;
        return Math.Round((agreeing + 1.0) / (near + 2) * (gap > asked.Resolution ? asked.Resolution / gap : 1), 2);
    }

    /// <summary>Plateaus within two resolutions of the result, and those that held where it says so and broke where it says so.</summary>
    private static (int Near, int Agreeing) Agreement(Load.Search asked, IEnumerable<SearchPlateau> seen, double? holds, double? breaks)
    {
        var (low, high) = ((holds ?? breaks) * (1 - 2 * asked.Resolution), (breaks ?? holds) * (1 + 2 * asked.Resolution));
        var near = seen.Where(p => p.Outcome != PlateauOutcome.GeneratorSaturated && p.Rate >= low && p.Rate <= high).ToList();
        return (near.Count, near.Count(p => p.Outcome == PlateauOutcome.Held ? p.Rate <= holds : p.Rate >= breaks));
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
