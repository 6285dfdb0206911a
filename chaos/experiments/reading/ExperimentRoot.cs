namespace Pressure.Chaos;

/// <summary>Reads the experiment as a whole.</summary>
internal static class ExperimentRoot
{
    private static readonly string[] Aside = ["controls", "runtime", "dry"];

    /// <summary>The experiment; null when there are problems.</summary>
    public static Experiment? Read(ExperimentNode root, Func<string, string?> environment, ExperimentKinds kinds, ExperimentProblems problems)
    {
        if (ExperimentFields.Open(root, "", "Begin with title:, description: and method:; see docs/chaos.md.", problems) is not { } fields)
            return null;
        fields.NoteUnknown("title", "description", "version", "tags", "contributions", "configuration", "secrets", "steady-state-hypothesis", "method", "rollbacks", "controls", "extensions", "runtime", "dry");
        foreach (var aside in Aside.Where(a => fields[a] is not null))
            problems.Notice($"{aside}: is not looked at here; it is left aside.");
        var values = new ConfigurationReader(environment, problems).Read(fields["configuration"], fields["secrets"]);
        var hypothesis = fields["steady-state-hypothesis"];
        var references = new ActivityReferences(
        [
            ((hypothesis as ExperimentNode.Map)?["probes"], "steady-state-hypothesis.probes"),
            (fields["method"], "method"),
            (fields["rollbacks"], "rollbacks"),
        ]);
        var activities = new ActivityReader(kinds, values, references, problems);
        var title = Title(fields["title"], "title", "Give the experiment a title.", fields.Node, values, problems);
        if (fields["method"] is null && !fields.Entries.Any(e => e.Key.Text == "method"))
            fields.Report("method", "is missing", "Say what is done: method: [ ... ]; an empty list asks the hypothesis only.");
        if (fields.Text("description") is null)
            problems.Notice("There is no description, which other tools ask for.");
        var experiment = new Experiment
        {
            Title = title,
            Description = fields.Text("description") ?? "",
            Tags = Tags(fields),
            Hypothesis = ReadHypothesis(hypothesis, activities, values, problems),
            Method = activities.ReadAll(fields["method"], "method"),
            Rollbacks = activities.ReadAll(fields["rollbacks"], "rollbacks"),
            Configuration = values.Configuration,
            Secrets = values.Secrets,
            Settings = new SettingsReader(problems).Read(fields["extensions"], values.Replace),
            Document = fields.Node.ToJson(),
            Notices = problems.Notices,
        };
        return problems.Any ? null : experiment;
    }

    private static SteadyStateHypothesis? ReadHypothesis(ExperimentNode? node, ActivityReader activities, ExperimentValues values, ExperimentProblems problems)
    {
        const string Path = "steady-state-hypothesis";
        if (node is null || ExperimentFields.Open(node, Path, "Write a title and probes with tolerances.", problems) is not { } fields)
            return null;
        fields.NoteUnknown("title", "probes", "controls");
        if (fields["controls"] is not null)
            problems.Notice($"{Path}.controls: controls are not run here; they are left aside.");
        var title = Title(fields["title"], $"{Path}.title", "Give the hypothesis a title.", node, values, problems);
        var items = fields.Items("probes", "Write a list of probes with tolerances.");
        var probes = new List<Activity>();
        foreach (var (i, item) in items.Index())
        {
            var path = $"{Path}.probes[{i}]";
            if (activities.Read(item, path) is not { } probe)
                continue;
            if (!probe.IsProbe)
                problems.Add(item, $"{path}.type", "is an action, but a hypothesis only looks", "Let its type be probe, or move it into the method.");
            else if (probe.Tolerance is null)
                problems.Add(item, $"{path}.tolerance", "is missing", "Say what its value must be, such as tolerance: 200.");
            probes.Add(probe);
        }
        return new(title, probes);
    }

    private static string Title(ExperimentNode? node, string path, string remedy, ExperimentNode at, ExperimentValues values, ExperimentProblems problems)
    {
        if (node is not null && values.Replace(node) is ExperimentNode.Scalar { Text: { Length: > 0 } text, Secret: var secret })
        {
            if (secret)
                problems.Add(node, path, "holds a secret, but is written everywhere", "Use configuration, or no secret here.");
            return text;
        }
        problems.Add(node ?? at, path, node is null ? "is missing" : "is no text", remedy);
        return "";
    }

    private static List<string> Tags(ExperimentFields fields)
    {
        List<string> tags = [];
        foreach (var (i, item) in fields.Items("tags", "Write a list of words.").Index())
        {
            if (item is ExperimentNode.Scalar { Text: { Length: > 0 } tag })
                tags.Add(tag);
            else
                fields.Problems.Add(item, $"tags[{i}]", $"is {item.Kind}, but should be a word", "Write a word, or remove it.");
        }
        return tags;
    }
}
