namespace Pressure.LoadGen;

/// <summary>What does not go together with a replay.</summary>
internal static class ReplayRules
{
    // What captured traffic says itself, and where it is said for a replay.
    private static readonly (string Key, string Why, string Remedy)[] Unfit =
    [
        ("redirects", "is for requests of a plan; a replay sends what was captured, redirected requests included", "Remove it."),
        ("compression", "is for requests of a plan; a replay asks for what was captured", "Remove it, or write replay: { set: { Accept-Encoding: gzip } }."),
        ("cookies", "is for requests of a plan; a replay keeps each client's cookies by itself", "Remove it; replay: { cookies: false } sends the captured ones unchanged."),
    ];

    /// <summary>Reports sections that a replay has no use for.</summary>
    public static void CheckFields(FieldReader plan)
    {
        if (plan.Has("scenarios"))
            plan.Report("scenarios", "are given, but a replay's requests are the captured ones", "Remove scenarios, or write another load, such as rate: 500/s.");
        if (plan.Has("data"))
            plan.Report("data", "is for scenarios, which a replay has none of", "Remove data.");
    }

    /// <summary>Reports what a replay can't be sent over.</summary>
    public static void CheckTransport(LoadPlan plan, PlanNode? http, ProblemList problems)
    {
        if (http is not PlanNode.Mapping map)
            return;
        var keys = map.Entries.Select(e => e.Key.Text).ToHashSet();
        if (plan.Http.Version.Major > 1)
            problems.Add(http, "http.version", $"HTTP/{plan.Http.Version.Major} is not what a replay is sent over, whatever was captured", "Remove version; requests go out as HTTP/1.1.");
        if (plan.Http.Proxy is not null)
            problems.Add(http, "http.proxy", "carries no replay", "Remove the proxy.");
        foreach (var (key, why, remedy) in Unfit.Where(u => keys.Contains(u.Key)))
            problems.Add(http, $"http.{key}", why, remedy);
    }
}
