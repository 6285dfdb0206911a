namespace Pressure.LoadGen;

/// <summary>Reads <c>load:</c>.</summary>
internal static class LoadReader
{
    private const int MostStages = 1_000;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Kinds = ["pv", "rate", "stages"];

    /// <summary>What <c>load:</c> says.</summary>
    public sealed record Asked(Load? Load, TimeSpan Duration, TimeSpan WarmUp, Arrivals Arrivals);

    public static Asked? Read(PlanNode? node, ProblemList problems)
    {
        if (node is null || FieldReader.Open(node, "load", PlanKeys.Load, problems) is not { } fields)
            return null;
        var load = ReadKind(fields);
        var duration = load is Load.Staged staged
            ? SumOf(staged, fields)
            : fields.Read("duration", PlainText.Duration(Shortest, PlanLimits.LongestDuration), TimeSpan.FromSeconds(60));
        var warmUp = fields.Read("warmUp", PlainText.Duration(TimeSpan.Zero, PlanLimits.LongestDuration), TimeSpan.Zero);
        if (warmUp >= duration)
            fields.Report("warmUp", "is not shorter than the whole load", "Shorten the warm-up, or lengthen the load.");
        var arrivals = fields.Read("arrivals", PlainText.OneOf(("uniform", Arrivals.Uniform), ("poisson", Arrivals.Poisson)), Arrivals.Uniform);
        if (load is not null)
            CheckSize(load, duration, fields);
        return new(load, duration, warmUp, arrivals);
    }

    private static Load? ReadKind(FieldReader fields)
    {
        var given = Kinds.Where(fields.Has).ToList();
        if (given.Count > 1)
            fields.Report(given[1], $"{string.Join(" and ", given)} are given at once", "Keep exactly one of pv, rate and stages.");
        else if (given.Count == 0 && !fields.Keys.Any(PlanKeys.Load.Later.ContainsKey))
            fields.Report("does not say how much load", "Give one of pv, rate and stages, such as rate: 500/s.");

        // All of them are read, so that all their problems are told at once.
        Load? load = null;
        foreach (var kind in given)
        {
            load = kind switch
            {
                "pv" => PageViewsReader.Read(fields[kind]!, fields.PathTo(kind), fields.Problems) is { } views ? new Load.FromPageViews(views) : null,
                "rate" => fields.Read<Rate>(kind, RateText.ParsePositive, default) is { Count: > 0 } rate ? new Load.Constant(rate) : null,
                _ => ReadStages(fields[kind]!, fields.PathTo(kind), fields.Problems),
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

    private static TimeSpan SumOf(Load.Staged staged, FieldReader fields)
    {
        if (fields.Has("duration"))
            fields.Report("duration", "is given although the stages say how long they last", "Remove duration.");
        var sum = TimeSpan.FromTicks(staged.Stages.Sum(s => s.Over.Ticks));
        if (sum > PlanLimits.LongestDuration)
            fields.Report("stages", $"last longer than {PlanLimits.LongestDuration.TotalDays} days together", "Shorten them.");
        return sum;
    }

    private static void CheckSize(Load load, TimeSpan duration, FieldReader fields)
    {
        var (key, requests) = load switch
        {
            Load.FromPageViews { Views: var views } => ("pv", views.Derive().TargetQps * duration.TotalSeconds),
            Load.Constant { Rate: var rate } => ("rate", rate.PerSecond * duration.TotalSeconds),
            Load.Staged { Stages: var stages } => ("stages", stages.Sum(s => (s.From.PerSecond + s.To.PerSecond) / 2 * s.Over.TotalSeconds)),
            _ => throw new NotSupportedException(load.GetType().Name),
        };
        if (requests > PlanLimits.MostRequests)
            fields.Report(key, $"asks for {requests:N0} requests in all, more than {PlanLimits.MostRequests:N0}", "Lower the rate or the duration.");
        else if (requests == 0)
            fields.Report(key, "never asks for a request", "Give a stage with a rate above zero.");
    }
}
