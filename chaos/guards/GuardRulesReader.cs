namespace Pressure.Chaos;

/// <summary>Read limits, or everything that is wrong with them.</summary>
public sealed record GuardRulesResult(GuardRules? Rules, IReadOnlyList<ExperimentProblem> Problems);

/// <summary>Reads the guards' limits, YAML or JSON. What is left away is as it is by default.</summary>
public static class GuardRulesReader
{
    private const string Remedy = "Write limits such as budgets: [ { most: 20, per: 1m } ]; see docs/guards.md.";
    private const string BudgetRemedy = "Write { most: 20, per: 1h }, and kinds: container-* where only some kinds are counted.";
    private static readonly string[] NeededOfBudget = ["most", "per"];

    private const int Many = 1_000_000;

    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1), Day = TimeSpan.FromHours(24);

    /// <summary>Reads a file.</summary>
    public static GuardRulesResult ReadFile(string path)
    {
        var problems = new ExperimentProblems(path);
        var rules = PlacedFile.Read(path, problems) is { } text ? Read(text, problems) : null;
        return new(rules, problems.InOrder());
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">What problems call it.</param>
    public static GuardRulesResult Parse(string text, string file)
    {
        var problems = new ExperimentProblems(file);
        var rules = Read(text, problems);
        return new(rules, problems.InOrder());
    }

    private static GuardRules? Read(string text, ExperimentProblems problems)
    {
        if (PlacedFile.Parse(text, Remedy, problems) is not { } fields)
            return null;
        fields.CheckKnown("budgets", "coolDown", "gap", "gapPerGroup", "group", "blastRadius", "hours", "freezes", "approvals", "allowed", "protected");
        var usual = new GuardRules();
        var rules = new GuardRules
        {
            Budgets = ReadBudgets(fields) ?? usual.Budgets,
            CoolDown = fields.Duration("coolDown", Least, Day),
            Gap = fields.Duration("gap", Least, Day) ?? default,
            GapPerGroup = fields.Duration("gapPerGroup", Least, Day) ?? default,
            Group = fields.Text("group") ?? usual.Group,
            BlastRadius = fields.Below("blastRadius", "Write { most: 10, mostSharePerGroup: 50% }.") is { } radius ? ReadRadius(radius) : usual.BlastRadius,
            Hours = fields.Below("hours", "Write { zone: Europe/Berlin, windows: [ ... ] }.") is { } hours ? CalendarReader.ReadHours(hours) : null,
            Freezes = ReadFreezes(fields),
            Approvals = fields.Below("approvals", "Write { needed: true, validFor: 24h, uses: 1 }.") is { } approvals ? ReadApprovals(approvals) : usual.Approvals,
            Allowed = fields.Texts("allowed"),
            Protected = fields.Texts("protected") ?? [],
        };
        return problems.Any ? null : rules;
    }

    private static List<StrikeBudget>? ReadBudgets(ExperimentFields fields)
    {
        if (fields["budgets"] is null)
            return null;
        List<StrikeBudget> budgets = [];
        foreach (var budget in fields.Maps("budgets", BudgetRemedy))
        {
            budget.CheckKnown("kinds", "most", "per");
            foreach (var key in NeededOfBudget.Where(k => budget[k] is null))
                budget.Report(key, "is missing", BudgetRemedy);
            var (most, per) = (budget.Whole("most", 0, Many), budget.Duration("per", TimeSpan.FromSeconds(1), Day));
            if (most is null || per is null)
                continue;
            var read = new StrikeBudget(budget.Text("kinds") ?? "*", most.Value, per.Value);
            if (budgets.Any(b => b.Name == read.Name))
                budget.Report("per", $"there is a budget '{read.Name}' already", "Keep one of them.");
            budgets.Add(read);
        }
        return budgets;
    }

    private static BlastRadius ReadRadius(ExperimentFields fields)
    {
        fields.CheckKnown("most", "mostPerGroup", "mostSharePerGroup", "groups");
        Dictionary<string, GroupLimit> groups = [];
        if (fields.Below("groups", "Write limits by the label's value: groups: { web: { most: 1 } }.") is { } named)
        {
            foreach (var (key, _) in named.Entries)
            {
                if (named.Below(key.Text, "Write { most: 1, mostShare: 20% }.") is not { } group)
                    continue;
                group.CheckKnown("most", "mostShare");
                groups[key.Text] = new(group.Whole("most", 0, Many), group.Share("mostShare"));
            }
        }
        return new() { Most = fields.Whole("most", 0, Many), MostPerGroup = fields.Whole("mostPerGroup", 0, Many), MostSharePerGroup = fields.Share("mostSharePerGroup"), Groups = groups };
    }

    private static List<Freeze> ReadFreezes(ExperimentFields fields)
    {
        List<Freeze> freezes = [];
        foreach (var written in fields.Maps("freezes", "Write { name: release, zone: Europe/Berlin, from: '2026-06-09T00:00', to: '2026-06-09T12:00' }."))
        {
            if (CalendarReader.ReadFreeze(written) is not { } freeze)
                continue;
            if (freezes.Any(f => f.Name == freeze.Name))
                written.Report("name", $"there is a freeze '{ExperimentProblems.Shown(freeze.Name)}' already", "Give each a name of its own.");
            freezes.Add(freeze);
        }
        return freezes;
    }

    private static ApprovalRules ReadApprovals(ExperimentFields fields)
    {
        fields.CheckKnown("needed", "validFor", "uses");
        var usual = new ApprovalRules();
        return new()
        {
            Needed = fields.Flag("needed", otherwise: true),
            ValidFor = fields.Duration("validFor", TimeSpan.FromSeconds(1), Day) ?? usual.ValidFor,
            Uses = fields.Whole("uses", 1, Many) ?? usual.Uses,
        };
    }
}
