namespace Pressure.LoadGen.Importing;

/// <summary>A request made fit for a plan, with how often it was seen.</summary>
internal sealed record WeighedUrl(UrlDraft Draft, decimal Weight);

/// <summary>Makes one request of those that are the same, and few of many that are alike.</summary>
internal static class RequestFolding
{
    /// <summary>Adds up the weights of equal requests; order stays.</summary>
    public static List<WeighedUrl> Same(IEnumerable<WeighedUrl> urls)
    {
        var folded = new List<WeighedUrl>();
        var known = new Dictionary<string, int>();
        foreach (var url in urls)
        {
            var key = KeyOf(url.Draft);
            if (known.TryAdd(key, folded.Count))
                folded.Add(url);
            else
                folded[known[key]] = folded[known[key]] with { Weight = folded[known[key]].Weight + url.Weight };
        }
        return folded;
    }

    /// <summary>
    /// At most <paramref name="most"/> requests: every method and pattern keeps its weight, spread over the heaviest of its requests;
    /// patterns beyond the bound are left out, the lightest first, and told.
    /// </summary>
    public static List<WeighedUrl> AtMost(int most, List<WeighedUrl> urls, ImportScope scope)
    {
        if (urls.Count <= most)
            return urls;
        var patterns = urls.GroupBy(u => (u.Draft.Method, UrlPattern.Of(u.Draft.Url ?? "")))
            .Select(g => (Members: g.OrderByDescending(u => u.Weight).ToList(), Weight: g.Sum(u => u.Weight)))
            .OrderByDescending(p => p.Weight).ToList();
        foreach (var (members, _) in patterns.Skip(most))
            scope.Skip($"{members[0].Draft.Method} {members[0].Draft.Url}", $"a plan holds {most} scenarios; this is among the rarest", count: members.Count);
        patterns = [.. patterns.Take(most)];
        var places = Places.Shared(patterns.ConvertAll(p => (p.Weight, p.Members.Count)), most);
        return [.. patterns.SelectMany((p, i) => Spread(p.Members, p.Weight, places[i], scope))];
    }

    private static IEnumerable<WeighedUrl> Spread(List<WeighedUrl> members, decimal weight, int places, ImportScope scope)
    {
        if (members.Count > places)
            scope.Skip($"{members[0].Draft.Method} {UrlPattern.Of(members[0].Draft.Url ?? "")}", $"some of its requests stand for all {members.Count:N0}; their weight is kept", count: members.Count - places);
        var kept = members.Take(places).ToList();
        var sum = kept.Sum(k => k.Weight);
        return kept.Select(k => k with { Weight = decimal.Round(weight * k.Weight / sum, 3) });
    }

    private static string KeyOf(UrlDraft draft) =>
        string.Join('\n', [draft.Method, draft.Url, draft.BodyKind.ToString(), draft.Body, .. Pairs(draft.Headers), "", .. Pairs(draft.Form)]);

    private static IEnumerable<string> Pairs(IEnumerable<KeyValuePair<string, string>> pairs) => pairs.Select(p => $"{p.Key}\0{p.Value}");
}
