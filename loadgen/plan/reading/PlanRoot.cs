using System.Net.Quic;
using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>Reads the plan as a whole.</summary>
internal static class PlanRoot
{
    // Stands in for a target that is missing or wrong, so that the steps are checked all the same.
    private static readonly Uri NoTarget = new("http://target.invalid");

    /// <summary>The plan; null when there are problems. Data files count from <paramref name="folder"/>, if there is one.</summary>
    public static LoadPlan? Read(PlanNode root, string? folder, PlanSurroundings surroundings, ProblemList problems)
    {
        if (FieldReader.Open(root, "", PlanKeys.Plan, problems) is not { } fields)
            return null;
        fields.Required("name", "Give the plan a name, such as name: shop peak.");
        fields.Required("target", "Write the base URL, such as target: http://127.0.0.1:5080.");
        fields.Required("load", "Give the load, such as load: { rate: 500/s, duration: 60s }.");
        var captures = new CapturePlace(folder, surroundings.Captures);
        var load = LoadReader.Read(fields["load"], ScenarioReader.AnyRate(fields["scenarios"]), captures, problems);
        var replays = fields["load"] is PlanNode.Mapping { Entries: var kinds } && kinds.Any(k => k.Key.Text == "replay");
        if (replays)
            ReplayRules.CheckFields(fields);
        else
            fields.Required("scenarios", "Write at least one scenario with a request: scenarios: [ { steps: [ { get: / } ] } ].");

        var target = fields.Read("target", replays ? UrlText.ParseReplayTarget : UrlText.ParseTarget, NoTarget);
        var seed = fields.Read("seed", PlainText.WholeNumber(int.MinValue, int.MaxValue), 1);
        var data = DataReader.Read(fields["data"], folder, seed, problems);
        var scenarios = ScenarioReader.ReadAll(fields["scenarios"], target, folder, load, new TemplateNames(data, seed), problems);
        var hosts = HostsReader.Read(fields["hosts"], problems);
        var thresholds = new ThresholdReader(replays ? null : scenarios, hosts.Count > 0, problems);
        var plan = new LoadPlan
        {
            Name = fields.Read<string>("name", PlainText.Name, ""),
            Target = target,
            Load = load?.Load!,
            Duration = load?.Duration ?? default,
            WarmUp = load?.WarmUp ?? default,
            Arrivals = load?.Arrivals ?? default,
            Seed = seed,
            Data = data,
            Scenarios = scenarios,
            Thresholds = thresholds.ReadAll(fields["thresholds"]),
            Abort = AbortReader.Read(fields["abort"], load, thresholds, problems),
            Chaos = ChaosReader.Read(fields["chaos"], new(folder, surroundings.KeepsExperiment), load, problems),
            Hosts = hosts,
            Workers = WorkersReader.Read(fields["workers"], problems),
            Http = HttpReader.Read(fields["http"], mayReadFiles: folder is not null, problems),
        };
        TransportRules.Check(plan, fields["http"], QuicConnection.IsSupported, problems);
        if (replays)
            ReplayRules.CheckTransport(plan, fields["http"], problems);
        CheckUsers(plan, fields);
        if (plan.Load is Load.Search search && fields["load"] is { } at)
        {
            foreach (var (i, slo) in search.Slo.Index())
                thresholds.CheckApplicable(slo, at, $"load.search.slo[{i}]");
        }
        CheckCookies(plan, fields);
        CheckRows(plan, fields);
        return problems.Any ? null : plan;
    }

    private static void CheckUsers(LoadPlan plan, FieldReader fields)
    {
        if (plan.Load is not Load.Users { Stages: var stages } || plan.Http.Version.Major >= 2 || fields["load"] is not { } load)
            return;
        var most = stages.Max(s => Math.Max(s.From, s.To));
        if (most > plan.Http.MaxConnections)
            fields.Problems.Add(load, "load.users", $"{most:N0} users need a connection each, but http.maxConnections is {plan.Http.MaxConnections:N0}", $"Write http: {{ maxConnections: {most} }}, or fewer users.");
    }

    private static void CheckCookies(LoadPlan plan, FieldReader fields)
    {
        if (plan.Http.Cookies == CookieKeeping.User && plan.Load is not (null or Load.Users or Load.Replay) && fields["http"] is { } http)
            fields.Problems.Add(http, "http.cookies", "is user, but a load by rate has no users: every iteration is a visitor of its own", "Write cookies: iteration, or load.users.");
    }

    private static void CheckRows(LoadPlan plan, FieldReader fields)
    {
        foreach (var feed in fields.Problems.Any ? [] : plan.Data.Where(d => d.Pick == DataPick.Unique))
        {
            if (plan.Load is Load.Search)
            {
                fields.Report("data", $"'{Shown.Of(feed.Name)}' gives each row once, but nobody knows how many a search needs", "Pick inOrder or random.");
                continue;
            }
            var workload = Workload.Of(plan);
            if (workload.Users is { } users && users.Peak > feed.Rows)
                fields.Report("data", $"'{Shown.Of(feed.Name)}' has {feed.Rows:N0} rows to use once each, but there are {users.Peak:N0} users", "Give it more rows, have fewer users, or pick inOrder or random.");
            var needed = workload.Streams.Sum(s => s.Starts.Count);
            if (needed > feed.Rows)
                fields.Report("data", $"'{Shown.Of(feed.Name)}' has {feed.Rows:N0} rows to use once each, but {needed:N0} iterations need one", "Give it more rows, make the load shorter, or pick inOrder or random.");
        }
    }
}
