namespace Pressure.LoadGen;

/// <summary>Reads <c>load:</c>.</summary>
internal static class LoadReader
{
    public const int MostStages = 1_000;

    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private static readonly string[] Kinds = ["pv", "rate", "stages", "stairs", "spike", "users", "search", "replay"];
    private static readonly string KindList = $"{string.Join(", ", Kinds[..^1])} and {Kinds[^1]}";

    /// <summary>What <c>load:</c> says.</summary>
    public sealed record Asked(Load? Load, TimeSpan Duration, TimeSpan WarmUp, Arrivals Arrivals)
    {
        /// <summary>Whether nobody knows how long it lasts before captures have been opened; <see cref="Duration"/> is the longest possible then.</summary>
        public bool IsOpenEnded => Load is Load.Replay { Order.Duration: null };
    }

    /// <summary>Reads it; without a kind of its own it is the scenarios' rates, if they have any.</summary>
    public static Asked? Read(PlanNode? node, bool scenariosHaveRates, CapturePlace captures, ProblemList problems)
    {
        if (node is null || FieldReader.Open(node, "load", PlanKeys.Load, problems) is not { } fields)
            return null;
        var given = fields.Read("duration", PlainText.Duration(Shortest, PlanLimits.LongestDuration), TimeSpan.FromSeconds(60));
        var load = ReadKind(fields, given, scenariosHaveRates, captures);
        var duration = load switch
        {
            Load.Search { Within: var within } => within,
            Load.Replay { Order.Duration: null } => PlanLimits.LongestDuration,
            _ => StagesOf(fields, load) is { } stages ? SumOf(stages.Key, stages.Lengths, fields) : given,
        };
        if (fields.Has("search") && fields.Has("duration"))
            fields.Report("duration", "is given although a search ends by itself", "Remove duration; search.within says how long it may take.");
        var warmUp = fields.Read("warmUp", PlainText.Duration(TimeSpan.Zero, PlanLimits.LongestDuration), TimeSpan.Zero);
        if (warmUp >= duration)
            fields.Report("warmUp", "is not shorter than the whole load", "Shorten the warm-up, or lengthen the load.");
        if (load is Load.Users && fields.Has("arrivals"))
            fields.Report("arrivals", "has nothing to do with users, who begin again when they are free", "Remove arrivals.");
        if (load is Load.Replay && fields.Has("arrivals"))
            fields.Report("arrivals", "has nothing to do with a replay: captured traffic says when requests are due", "Remove arrivals.");
        var arrivals = fields.Read("arrivals", PlainText.OneOf(("uniform", Arrivals.Uniform), ("poisson", Arrivals.Poisson)), Arrivals.Uniform);
        if (load is not null)
            CheckSize(load, duration, fields);
        return new(load, duration, warmUp, arrivals);
    }

    private static Load? ReadKind(FieldReader fields, TimeSpan duration, bool scenariosHaveRates, CapturePlace captures)
    {
        var given = Kinds.Where(fields.Has).ToList();
        if (given.Count > 1)
            fields.Report(given[1], $"{string.Join(" and ", given)} are given at once", $"Keep exactly one of {KindList}.");
        else if (given.Count == 0 && scenariosHaveRates)
            return new Load.PerScenario();
        else if (given.Count == 0)
            fields.Report("does not say how much load", $"Give one of {KindList}, such as rate: 500/s, or a rate to every scenario.");

        // All of them are read, so that all their problems are told at once.
        Load? load = null;
        foreach (var kind in given)
        {
            var (node, path) = (fields[kind]!, fields.PathTo(kind));
            load = kind switch
            {
                "pv" => PageViewsReader.Read(node, path, fields.Problems) is { } views ? new Load.FromPageViews(views) : null,
                "rate" => fields.Read<Rate>(kind, RateText.ParsePositive, default) is { Count: > 0 } rate ? new Load.Constant(rate) : null,
                "stairs" => ShapeReader.Stairs(node, path, fields.Problems),
                "spike" => ShapeReader.Spike(node, path, fields.Problems),
                "users" => UsersReader.Read(node, path, duration, fields.Problems),
                "search" => SearchReader.Read(node, path, fields.Problems),
                "replay" => ReplayReader.Read(node, fields, captures),
                _ => ReadStages(node, path, fields.Problems),
            };
        }
        return given.Count == 1 ? load : null;
    }

    private static Load.Staged? ReadStages(PlanNode node, string path, ProblemList problems)
    {
        var items = ScalarReader.Items(node, path, MostStages, "Write stages such as [ { rate: 0/s -> 500/s, over: 2m } ].", problems);
        var stages = items.Select((item, i) => ReadStage(item, $"{path}[{i}]", problems)).ToList();
        return stages.Count > 0 && stages.TrueForAll(s => s is not null) ? new(stages!) : null;
    }

    private static Stage? ReadStage(PlanNode node, string path, ProblemList problems)
    {
        if (FieldReader.Open(node, path, PlanKeys.Stage, problems) is not { } fields)
            return null;
        fields.Required("rate", "Write rate: 500/s, or rate: 0/s -> 500/s.");
        fields.Required("over", "Write how long the stage lasts, such as over: 2m.");
        var none = (From: default(Rate), To: default(Rate));
        var (from, to) = fields.Read("rate", RateText.ParseRamp, none);
        var over = fields.Read("over", PlainText.Duration(Shortest, PlanLimits.LongestDuration), TimeSpan.Zero);
        return from.Per > TimeSpan.Zero && over > TimeSpan.Zero ? new(from, to, over) : null;
    }

    /// <summary>The key and the lengths of a load that says its length itself.</summary>
    private static (string Key, IEnumerable<TimeSpan> Lengths)? StagesOf(FieldReader fields, Load? load) => load switch
    {
        Load.Staged staged => (Kinds.First(fields.Has), staged.Stages.Select(s => s.Over)),
        Load.Users users when fields["users"] is PlanNode.Sequence => ("users", users.Stages.Select(s => s.Over)),
        _ => null,
    };

    private static TimeSpan SumOf(string key, IEnumerable<TimeSpan> lengths, FieldReader fields)
    {
        if (fields.Has("duration"))
            fields.Report("duration", $"is given although the {(key == "users" ? "stages" : key)} say how long they last", "Remove duration.");
        var sum = TimeSpan.FromTicks(lengths.Sum(s => s.Ticks));
        if (sum > PlanLimits.LongestDuration)
            fields.Report(key, $"last longer than {PlanLimits.LongestDuration.TotalDays} days together", "Shorten them.");
        return sum;
    }

    private static void CheckSize(Load load, TimeSpan duration, FieldReader fields)
    {
        double? requests = load switch
        {
            Load.FromPageViews { Views: var views } => views.Derive().TargetQps * duration.TotalSeconds,
            Load.Constant { Rate: var rate } => rate.PerSecond * duration.TotalSeconds,
            Load.Search { From: var from } => from.PerSecond * duration.TotalSeconds,
            Load.Staged { Stages: var stages } => stages.Sum(s => (s.From.PerSecond + s.To.PerSecond) / 2 * s.Over.TotalSeconds),
            _ => null,
        };
        if (requests > PlanLimits.MostRequests)
            fields.Report(Kinds.First(fields.Has), $"asks for {requests:N0} requests in all, more than {PlanLimits.MostRequests:N0}", "Lower the rate or the duration.");
        else if (requests == 0)
            fields.Report(Kinds.First(fields.Has), "never asks for a request", "Give a stage with a rate above zero.");
    }
}
