using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>A read plan, or everything that is wrong with it.</summary>
public sealed record MonkeyPlanResult(MonkeyPlan? Plan, IReadOnlyList<ExperimentProblem> Problems);

/// <summary>Reads monkeys' plans, YAML or JSON.</summary>
public static class MonkeyPlanReader
{
    private const string Remedy = "Begin with name:, hours: and groups:; see docs/guards.md.";
    private const string GroupRemedy = "Write { name: web, mean: 2d, strike: { fault: container-kill, target: { container: { labels: { app: web } } }, duration: 30s } }.";

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="kinds">The faults that it may name; null for all that there are.</param>
    public static MonkeyPlanResult ReadFile(string path, ExperimentKinds? kinds = null)
    {
        var problems = new ExperimentProblems(path);
        var plan = PlacedFile.Read(path, problems) is { } text ? Read(text, kinds ?? ExperimentKinds.Usual, problems) : null;
        return new(plan, problems.InOrder());
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">What problems call it.</param>
    /// <param name="kinds">The faults that it may name; null for all that there are.</param>
    public static MonkeyPlanResult Parse(string text, string file, ExperimentKinds? kinds = null)
    {
        var problems = new ExperimentProblems(file);
        var plan = Read(text, kinds ?? ExperimentKinds.Usual, problems);
        return new(plan, problems.InOrder());
    }

    private static MonkeyPlan? Read(string text, ExperimentKinds kinds, ExperimentProblems problems)
    {
        if (PlacedFile.Parse(text, Remedy, problems) is not { } fields)
            return null;
        fields.CheckKnown("name", "hours", "groups");
        var name = fields.Text("name", "Give the monkey a name.");
        if (name is not null && !IsName(name))
            fields.Report("name", $"'{ExperimentProblems.Shown(name)}' is no name for a file", "Use up to 60 letters, digits, -, _ and dots, beginning with a letter or digit.");
        if (fields["hours"] is null)
            fields.Report("hours", "is missing", "Say when it may strike: hours: { zone: Europe/Berlin, windows: [ { from: '09:00', to: '15:00' } ] }.");
        var hours = fields.Below("hours", "Write { zone: Europe/Berlin, windows: [ ... ] }.") is { } below ? CalendarReader.ReadHours(below) : null;
        var groups = ReadGroups(fields, kinds, problems);
        return problems.Any || name is null || hours is null ? null : new() { Name = name, Hours = hours, Groups = groups };
    }

    private static List<MonkeyGroup> ReadGroups(ExperimentFields fields, ExperimentKinds kinds, ExperimentProblems problems)
    {
        List<MonkeyGroup> groups = [];
        if (fields["groups"] is null or ExperimentNode.List { Items.Count: 0 })
            fields.Report("groups", "is missing, so nothing would ever be struck", GroupRemedy);
        foreach (var written in fields.Maps("groups", GroupRemedy))
        {
            if (ReadGroup(written, kinds, problems) is not { } group)
                continue;
            if (groups.Any(g => g.Name == group.Name))
                written.Report("name", $"there is a group '{ExperimentProblems.Shown(group.Name)}' already", "Give each a name of its own.");
            groups.Add(group);
        }
        return groups;
    }

    private static MonkeyGroup? ReadGroup(ExperimentFields fields, ExperimentKinds kinds, ExperimentProblems problems)
    {
        fields.CheckKnown("name", "by", "mean", "strike");
        var (name, by) = (fields.Text("name"), fields.Text("by"));
        if (name is null && by is null)
            fields.Report("name", "is missing", "Give the group a name, or name by: a label whose every value is a group of its own.");
        var mean = fields.Text("mean", "Say how often on average: mean: 2d for every second working day, 4h for every fourth allowed hour.");
        var read = mean is null ? null : MonkeyMean.Parse(mean);
        if (mean is not null && read is null)
            fields.Report("mean", $"'{ExperimentProblems.Shown(mean)}' is no mean time between strikes", "Write working days, 2d, or allowed hours, 4h; at least 1 of them.");
        if (fields["strike"] is null)
            fields.Report("strike", "is missing", GroupRemedy);
        if (fields.Below("strike", GroupRemedy) is not { } strike || new OwnProviderReader(kinds, problems).Read(strike, isProbe: false) is not Provider.Fault fault)
            return null;
        if (by is not null && fault.Selector.Kind is not (TargetKind.Container or TargetKind.Pod))
            fields.Report("by", "needs labels, which only containers and pods bear", "Give each group a selector of its own instead.");
        return read is null ? null : new(name ?? by ?? "", fault, read) { By = by };
    }

    private static bool IsName(string name) => name.Length <= 60 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
