using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>
/// Reads <c>target</c> of a fault: one key that says what kind of thing, and below it what it is known by;
/// <c>container: shop-item</c> is short for <c>container: { name: shop-item }</c>.
/// </summary>
internal sealed class SelectorReader(ExperimentProblems problems)
{
    private static readonly string[] Kinds = ["container", "process", "host", "pod", "route"];

    private const string Remedy = "Write one of container, process, host, pod, route, such as target: { container: { labels: { app: shop } } }.";

    /// <param name="node">The target; null if it is missing.</param>
    /// <param name="at">Where that is told then.</param>
    /// <param name="path">Its path.</param>
    /// <param name="mode">How many, where the selector does not say it.</param>
    public TargetSelector? Read(ExperimentNode? node, ExperimentNode at, string path, SelectionMode mode)
    {
        if (node is null)
        {
            problems.Add(at, path, "is missing", Remedy);
            return null;
        }
        if (ExperimentFields.Open(node, path, Remedy, problems) is not { } fields)
            return null;
        fields.CheckKnown(Kinds);
        var entries = fields.Entries.Where(e => Kinds.Contains(e.Key.Text)).ToList();
        if (entries.Count != 1)
        {
            if (entries.Count > 1 || !fields.Entries.Any())
                problems.Add(node, path, entries.Count > 1 ? "names more than one kind of thing" : "names nothing", Remedy);
            return null;
        }
        var (key, value) = entries[0];
        var kind = Enum.Parse<TargetKind>(key.Text, ignoreCase: true);
        var below = fields.PathTo(key.Text);
        if (value is ExperimentNode.Scalar { Text: { Length: > 0 } name } && kind != TargetKind.Route)
            return Named(kind, name, mode);
        if (ExperimentFields.Open(value, below, $"Write what the {key.Text} is known by.", problems) is not { } conditions)
            return null;
        return kind == TargetKind.Route ? ReadRoute(conditions) : ReadConditions(kind, conditions, mode);
    }

    private static TargetSelector Named(TargetKind kind, string name, SelectionMode mode) =>
        new() { Kind = kind, Names = [name], Hosts = kind == TargetKind.Host ? [name] : [], Mode = mode };

    private static TargetSelector? ReadRoute(ExperimentFields fields)
    {
        fields.CheckKnown("listen", "to");
        var listen = fields.Text("listen", "Say where the fault gateway listens: listen: 127.0.0.1:8081.");
        var to = fields.Text("to", "Say where it leads: to: http://127.0.0.1:5080.");
        return listen is null || to is null ? null : new() { Kind = TargetKind.Route, Route = new(listen, to), Mode = new SelectionMode.All() };
    }

    private TargetSelector? ReadConditions(TargetKind kind, ExperimentFields fields, SelectionMode mode)
    {
        string[] known = kind switch
        {
            TargetKind.Container => ["name", "names", "labels", "image", "project", "host", "hosts", "mode"],
            TargetKind.Pod => ["name", "names", "labels", "image", "namespace", "host", "hosts", "mode"],
            TargetKind.Process => ["name", "names", "host", "hosts", "mode"],
            _ => ["name", "names", "mode"],
        };
        fields.CheckKnown(known);
        var names = Texts(fields, "name", "names");
        var selector = new TargetSelector
        {
            Kind = kind,
            Names = names,
            Hosts = kind == TargetKind.Host ? names : Texts(fields, "host", "hosts"),
            Labels = Labels(fields),
            Image = fields.Text("image"),
            Project = fields.Text("project"),
            Namespace = fields.Text("namespace"),
            Mode = Mode(fields) ?? mode,
        };
        if (selector.Names.Count == 0 && selector.Labels.Count == 0 && selector.Image is null && selector.Project is null && selector.Namespace is null)
            problems.Add(fields.Node, fields.Path, "has no condition, so it would match nothing", $"Give it {string.Join(", ", known.Except(["names", "host", "hosts", "mode"]))}; name: '*' stands for all.");
        return selector;
    }

    private static SelectionMode? Mode(ExperimentFields fields)
    {
        if (fields.Text("mode") is not { } text)
            return null;
        var mode = SelectionMode.Parse(text);
        if (mode is null)
            fields.Report("mode", $"'{ExperimentProblems.Shown(text)}' does not say how many", $"Write {SelectionModeText.Forms}.");
        return mode;
    }

    private Dictionary<string, string> Labels(ExperimentFields fields)
    {
        var labels = new Dictionary<string, string>();
        if (fields["labels"] is not { } node || ExperimentFields.Open(node, fields.PathTo("labels"), "Write labels with their values: labels: { app: shop }.", problems) is not { } entries)
            return labels;
        foreach (var (key, value) in entries.Entries)
        {
            if (value is ExperimentNode.Scalar scalar)
                labels[key.Text] = scalar.Text;
            else
                problems.Add(value, entries.PathTo(key.Text), $"is {value.Kind}, but should be a text", "Write the label's value; an empty one stands for any.");
        }
        return labels;
    }

    private List<string> Texts(ExperimentFields fields, string one, string many)
    {
        List<string> texts = [];
        if (fields.Text(one) is { } text)
            texts.Add(text);
        foreach (var (i, item) in fields.Items(many, $"Write a list: {many}: [ a, b ].").Index())
        {
            if (item is ExperimentNode.Scalar { Text: { Length: > 0 } name })
                texts.Add(name);
            else
                problems.Add(item, $"{fields.PathTo(many)}[{i}]", $"is {item.Kind}, but should be a text", "Write a name.");
        }
        return texts;
    }
}
