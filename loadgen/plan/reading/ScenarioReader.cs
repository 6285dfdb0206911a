using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>Reads <c>scenarios:</c>.</summary>
internal static class ScenarioReader
{
    private const string Remedy = "Write scenarios such as [ { name: browse, steps: [ { get: / } ] } ].";

    public static List<Scenario> ReadAll(PlanNode? node, Uri target, TemplateNames names, ProblemList problems)
    {
        var items = ScalarReader.Items(node, "scenarios", PlanLimits.MostScenarios, Remedy, problems);
        var steps = new StepReader(target, new RequestNames(items.SelectMany(NamesGiven)), names);
        var scenarios = new List<Scenario>();
        for (var i = 0; i < items.Count; i++)
        {
            names.BeginScenario();
            if (FieldReader.Open(items[i], $"scenarios[{i}]", PlanKeys.Scenario, problems) is { } fields)
                scenarios.Add(Read(fields, i, scenarios, steps));
        }
        if (scenarios.Sum(s => s.Steps.Count) > PlanLimits.MostSteps)
            problems.Add(node!, "scenarios", $"have more than {PlanLimits.MostSteps:N0} steps together", "Cut them down, or split the plan.");
        return scenarios;
    }

    private static Scenario Read(FieldReader fields, int position, List<Scenario> before, StepReader reader)
    {
        var name = fields.Read<string>("name", PlainText.Name, $"scenario {position + 1}");
        if (before.Exists(s => s.Name == name))
            fields.Report("name", $"another scenario is named '{Shown.Of(name)}' already", "Give each scenario a name of its own.");
        var weight = fields.Read("weight", PlainText.Number(0, 1_000_000_000), 1);
        fields.Required("steps", "Write at least one request: steps: [ { get: / } ].");
        var path = fields.PathTo("steps");
        var items = ScalarReader.Items(fields["steps"], path, PlanLimits.MostSteps, "Write at least one request: steps: [ { get: / } ].", fields.Problems);
        var steps = items.Select((item, i) => reader.Read(item, $"{path}[{i}]", fields.Problems)).ToList();
        if (steps.Count > 0 && steps.TrueForAll(s => s is Step.Think))
            fields.Report("steps", "have no request", "Add a request, such as get: /.");
        return new(name, weight, [.. steps.OfType<Step>()]);
    }

    private static IEnumerable<string> NamesGiven(PlanNode scenario) =>
        from fields in MapsIn([scenario])
        from steps in fields.Entries.Where(e => e.Key.Text == "steps").Select(e => e.Value).OfType<PlanNode.Sequence>()
        from step in MapsIn(steps.Items)
        from name in step.Entries.Where(e => e.Key.Text == "name").Select(e => e.Value).OfType<PlanNode.Scalar>()
        select name.Text.Trim();

    private static IEnumerable<PlanNode.Mapping> MapsIn(IEnumerable<PlanNode> nodes) => nodes.OfType<PlanNode.Mapping>();
}
