namespace Pressure.LoadGen.Importing;

/// <summary>Decides which host's requests make the plan, and what its target is.</summary>
internal static class HostChoice
{
    /// <summary>The target; null after saying why there is none. Requests of other hosts are removed and told.</summary>
    public static Uri? Choose(List<(FoundRequest Request, UrlParts Url)> found, Uri? asked, ImportScope scope)
    {
        var hosts = found.Where(f => f.Url.Origin is not null)
            .GroupBy(f => f.Url.Origin!.Authority, StringComparer.OrdinalIgnoreCase)
            // Files often come from a host of their own, which is not the service.
            .OrderByDescending(g => g.Where(f => !StaticFiles.IsStatic(f.Url.PathAndQuery)).Sum(f => f.Request.Weight))
            .ThenByDescending(g => g.Sum(f => f.Request.Weight)).ThenBy(g => g.Key, StringComparer.Ordinal)
            .ToList();
        if (hosts.Count == 0)
            return asked ?? NoHost(scope);
        var wanted = scope.Options.Host ?? (asked is not null && hosts.Exists(h => h.Key == asked.Authority) ? asked.Authority : null);
        var chosen = wanted is null ? hosts[0] : hosts.Find(h => IsNamed(wanted, h.First().Url.Origin!));
        if (chosen is null)
        {
            scope.Fail($"no request goes to host '{Shown.Of(wanted!)}'", $"Its hosts are {Names(hosts.Select(h => h.Key))}; give one of them to --host.");
            return null;
        }
        foreach (var other in hosts.Where(h => h != chosen))
            scope.Skip($"requests to {other.Key}", $"another host than {chosen.Key}; --host {other.Key} takes it instead", other.First().Request.Where, other.Count());
        found.RemoveAll(f => f.Url.Origin is { } origin && !origin.Authority.Equals(chosen.Key, StringComparison.OrdinalIgnoreCase));
        return asked ?? OriginOf(chosen.Select(c => c.Url.Origin!), scope);
    }

    /// <summary>The most frequent of http and https.</summary>
    private static Uri OriginOf(IEnumerable<Uri> origins, ImportScope scope)
    {
        var schemes = origins.GroupBy(o => o.Scheme).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key, StringComparer.Ordinal).ToList();
        if (schemes.Count > 1)
            scope.Note($"{schemes[0].First().Authority} is asked over http and https; all requests go over {schemes[0].Key}.");
        return schemes[0].First();
    }

    private static Uri? NoHost(ImportScope scope)
    {
        scope.Fail("the source does not name the host that its requests go to", "Give it: --target http://127.0.0.1:5080");
        return null;
    }

    private static bool IsNamed(string wanted, Uri origin) =>
        wanted.Equals(origin.Authority, StringComparison.OrdinalIgnoreCase) || wanted.Equals(origin.Host, StringComparison.OrdinalIgnoreCase)
        || wanted.Equals($"{origin.Host}:{origin.Port}", StringComparison.OrdinalIgnoreCase);

    private static string Names(IEnumerable<string> hosts)
    {
        var all = hosts.ToList();
        return string.Join(", ", all.Take(10)) + (all.Count > 10 ? $" and {all.Count - 10} more" : "");
    }
}
