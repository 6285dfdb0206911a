namespace Pressure.LoadGen;

/// <summary>Reads <c>hosts:</c>: names, patterns and labels.</summary>
internal static class HostsReader
{
    private const int Most = 100;
    private const int LongestName = 253;
    private const string Remedy = "Write names, patterns or labels of hosts: hosts: [ local, db1, \"web*\", service=orders ].";

    public static IReadOnlyList<HostSelector> Read(PlanNode? node, ProblemList problems)
    {
        if (node is null)
            return [new HostSelector.Local()];
        if (node is PlanNode.Sequence { Items.Count: 0 })
            return [];
        var items = ScalarReader.Items(node, "hosts", Most, Remedy, problems);
        return [.. items.Select((item, i) => item is PlanNode.Mapping map ? OfMap(map, $"hosts[{i}]", problems) : OfText(item, $"hosts[{i}]", problems)).OfType<HostSelector>()];
    }

    private static HostSelector? OfText(PlanNode node, string path, ProblemList problems) =>
        ScalarReader.TryRead<HostSelector>(node, path, Parse, problems, out var selector) ? selector with { Line = node.Line, Column = node.Column } : null;

    /// <summary><c>{ service: orders, env: test }</c></summary>
    private static HostSelector.Labelled? OfMap(PlanNode.Mapping map, string path, ProblemList problems)
    {
        var fields = FieldReader.Open(map, path, Remedy, problems)!;
        var labels = new List<KeyValuePair<string, string>>();
        foreach (var key in fields.Keys)
        {
            if (!ScalarReader.TryRead<string>(fields[key]!, fields.PathTo(key), PlainText.Any, problems, out var wanted))
                continue;
            if (Complain(key, wanted) is { } complaint)
                fields.Report(key, complaint.Message, complaint.Remedy);
            else
                labels.Add(new(key, wanted.Trim()));
        }
        if (labels.Count > 0)
            return new HostSelector.Labelled(labels) { Line = map.Line, Column = map.Column };
        if (map.Entries.Count == 0)
            problems.Add(map, path, "names no label", Remedy);
        return null;
    }

    internal static Complaint? Parse(string text, out HostSelector value)
    {
        value = new HostSelector.Local();
        var trimmed = text.Trim();
        if (trimmed == HostSelector.Local.Name)
            return null;
        if (trimmed.Contains('='))
            return ParseLabels(trimmed, out value);
        value = new HostSelector.Named(trimmed);
        if (trimmed.Length is 0 or > LongestName || trimmed.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is ',' or '/' or '\\' or '?' or '"' or '<' or '>'))
            return new($"'{Shown.Of(text)}' is no name of a host", Remedy);
        return null;
    }

    /// <summary><c>service=orders,env=test</c></summary>
    private static Complaint? ParseLabels(string text, out HostSelector value)
    {
        var labels = new List<KeyValuePair<string, string>>();
        value = new HostSelector.Labelled(labels);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var at = part.IndexOf('=');
            var (key, wanted) = at < 0 ? (part, "") : (part[..at].Trim(), part[(at + 1)..].Trim());
            if (Complain(key, wanted) is { } complaint)
                return complaint;
            if (labels.Exists(l => l.Key == key))
                return new($"'{Shown.Of(key)}' is given twice", "Keep one of them, or write two entries.");
            labels.Add(new(key, wanted));
        }
        return null;
    }

    private static Complaint? Complain(string key, string value)
    {
        bool IsWrong(string text) => text.Trim().Length is 0 or > LongestName || text.Any(c => char.IsControl(c) || c is ',' or '=');
        return IsWrong(key) || IsWrong(value) ? new($"'{Shown.Of(key)}={Shown.Of(value)}' is no label", "Write labels as service=orders or { service: orders, env: test }.") : null;
    }
}
