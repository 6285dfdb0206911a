using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>Reads <c>scenarios:</c>.</summary>
internal static class ScenarioReader
{
    private const string Remedy = "Write scenarios such as [ { name: browse, steps: [ { get: / } ] } ].";

    public static List<Scenario> ReadAll(PlanNode? node, Uri target, string? folder, LoadReader.Asked? load, TemplateNames names, ProblemList problems)
    {
        var items = ScalarReader.Items(node, "scenarios", PlanLimits.MostScenarios, Remedy, problems);
        var steps = new StepReader(target, folder, new RequestNames(items.SelectMany(NamesGiven)), names);
        var scenarios = new List<Scenario>();
        for (var i = 0; i < items.Count; i++)
        {
            names.BeginScenario();
            if (FieldReader.Open(items[i], $"scenarios[{i}]", PlanKeys.Scenario, problems) is { } fields)
                scenarios.Add(Read(fields, i, scenarios, load, steps));
        }
        if (load?.Load is Load.PerScenario && scenarios.Sum(s => (s.Rate?.PerSecond ?? 0) * load.Duration.TotalSeconds) is > PlanLimits.MostRequests and var requests)
            problems.Add(node!, "scenarios", $"ask for {requests:N0} requests in all, more than {PlanLimits.MostRequests:N0}", "Lower the rates or the duration.");
        if (scenarios.Sum(s => s.Steps.Count) > PlanLimits.MostSteps)
            problems.Add(node!, "scenarios", $"have more than {PlanLimits.MostSteps:N0} steps together", "Cut them down, or split the plan.");
        return scenarios;
    }

    private static Scenario Read(FieldReader fields, int position, List<Scenario> before, LoadReader.Asked? load, StepReader reader)
    {
        var name = fields.Read<string>("name", PlainText.Name, $"scenario {position + 1}");
        if (before.Exists(s => s.Name == name))
            fields.Report("name", $"another scenario is named '{Shown.Of(name)}' already", "Give each scenario a name of its own.");
        var weight = fields.Read("weight", PlainText.Number(0, 1_000_000_000), 1);
        fields.Required("steps", "Write at least one request: steps: [ { get: / } ].");
        var path = fields.PathTo("steps");
        var items = ScalarReader.Items(fields["steps"], path, PlanLimits.MostSteps, "Write at least one request: steps: [ { get: / } ].", fields.Problems);
        var steps = reader.ReadAll(items, path, fields.Problems);
        if (steps.Count > 0 && steps.TrueForAll(s => s is Step.Think or Step.Close))
            fields.Report("steps", "have no request", "Add a request, such as get: /.");
        return new(name, weight, [.. steps.OfType<Step>()]) { Rate = ReadRate(fields, load?.Load), Pacing = ReadPacing(fields, load?.Load) };
    }

    /// <summary>Whether a scenario has a rate of its own.</summary>
    public static bool AnyRate(PlanNode? node) =>
        node is PlanNode.Sequence list && MapsIn(list.Items).Any(s => s.Entries.Any(e => e.Key.Text == "rate"));

    private static Rate? ReadRate(FieldReader fields, Load? load)
    {
        if (load is Load.PerScenario)
            fields.Required("rate", "Other scenarios have a rate: give one to each, or write load.rate and weights.");
        else if (load is not null && fields.Has("rate"))
            fields.Report("rate", "is given although load says how much", "Remove it, or leave only duration in load and give every scenario a rate.");
        if (fields.Has("rate") && fields.Has("weight"))
            fields.Report("weight", "is given beside a rate", "Keep one of them.");
        return fields.Read<Rate>("rate", RateText.ParsePositive, default) is { Count: > 0 } rate ? rate : null;
    }

    private static TimeSpan ReadPacing(FieldReader fields, Load? load)
    {
        if (load is not (null or Load.Users) && fields.Has("pacing"))
            fields.Report("pacing", "is for users, but here a rate decides when iterations begin", "Remove it, or write load.users.");
        return fields.Read("pacing", PlainText.Duration(TimeSpan.Zero, TimeSpan.FromHours(1)), TimeSpan.Zero);
    }

    private static IEnumerable<string> NamesGiven(PlanNode scenario) =>
        from fields in MapsIn([scenario])
        from steps in fields.Entries.Where(e => e.Key.Text == "steps").Select(e => e.Value).OfType<PlanNode.Sequence>()
        from step in MapsIn(steps.Items)
        from name in step.Entries.Where(e => e.Key.Text == "name").Select(e => e.Value).OfType<PlanNode.Scalar>()
        select name.Text.Trim();

    private static IEnumerable<PlanNode.Mapping> MapsIn(IEnumerable<PlanNode> nodes) => nodes.OfType<PlanNode.Mapping>();
}
