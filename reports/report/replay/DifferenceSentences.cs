namespace Pressure.Reports;

/// <summary>Answers held against others, in words.</summary>
internal static class DifferenceSentences
{
    /// <summary>How many are the same.</summary>
    public static Sentence Same(DifferenceSummary found) => found.Compared == 0
        ? new("differences.nothing")
        : new("differences.same", Figures.Share((double)found.Same / found.Compared), Figures.Count(found.Compared), ReplaySentences.Why("differences.against", found.Against));

    /// <summary>How many fields differ; null when none does.</summary>
    public static Sentence? Fields(DifferenceSummary found)
    {
        var differing = found.Fields.Where(f => !f.IsNoise).ToList();
        if (differing.Count == 0)
            return null;
        var endpoints = differing.Select(f => f.Endpoint).Distinct().Count();
        return differing.Count == 1 ? new("differences.field") : new(endpoints == 1 ? "differences.fields" : "differences.fieldsOf", differing.Count, endpoints);
    }
}
