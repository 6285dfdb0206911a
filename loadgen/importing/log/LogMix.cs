namespace Pressure.LoadGen.Importing;

/// <summary>Represents a log's patterns by as many requests as a plan holds, each pattern with its weight.</summary>
internal static class LogMix
{
    // The rest of the places is for patterns beyond these, and for second samples.
    private const int MostPatterns = 80;
    private const int OtherPlaces = 10;

    public static IReadOnlyList<FoundRequest> Requests(LogPatterns patterns, string origin, ImportScope scope)
    {
        var all = patterns.ByWeight;
        if (patterns.Others.Count > 0)
            scope.Skip("requests of rare patterns", $"more than {all.Count:N0} patterns are not told apart; samples of them carry their weight", count: patterns.Others.Count);
        var kept = all.Take(MostPatterns).ToList();
        var rest = all.Skip(MostPatterns).ToList();
        if (rest.Count > 0)
            scope.Skip($"patterns beyond the {MostPatterns} heaviest", "samples of them carry their weight", count: rest.Count);
        var others = OtherSamples(rest, patterns.Others);
        var places = Places.Shared(kept.ConvertAll(p => ((decimal)p.Count, p.Samples.Count)), PlanLimits.MostScenarios - others.Count);
        var requests = kept.SelectMany((p, i) => Shown(p, places[i], origin)).ToList();
        requests.AddRange(others.Select(o => o with { Url = origin + o.Url }));
        return requests;
    }

    private static IEnumerable<FoundRequest> Shown(LogPattern pattern, int places, string origin)
    {
        var (method, name) = (pattern.Name[..pattern.Name.IndexOf(' ')], pattern.Name);
        var samples = pattern.Samples.Take(places).ToList();
        var hits = samples.Sum(s => s.Hits);
        return samples.Select(s => new FoundRequest(method, origin + s.Url, name) { Name = name, Weight = (decimal)pattern.Count * s.Hits / hits });
    }

    /// <summary>The heaviest of the rest, carrying the weight of all of it.</summary>
    private static List<FoundRequest> OtherSamples(List<LogPattern> rest, LogPattern beyond)
    {
        var weight = rest.Sum(p => p.Count) + beyond.Count;
        var samples = rest.Select(p => (Method: p.Name[..p.Name.IndexOf(' ')], p.Samples[0].Url))
            .Concat(beyond.Samples.Select(s => (Method: "GET", s.Url))).Take(OtherPlaces).ToList();
        return samples.ConvertAll(s => new FoundRequest(s.Method, s.Url, "other patterns") { Name = $"other: {s.Method} {s.Url.Split('?')[0]}", Weight = (decimal)weight / samples.Count });
    }
}
