namespace Pressure.Chaos;

/// <summary>Reads activities: probes and actions, or references to them.</summary>
internal sealed class ActivityReader(ExperimentKinds kinds, ExperimentValues values, ActivityReferences references, ExperimentProblems problems)
{
    private readonly ProviderReader _providers = new(kinds, problems);
    private readonly ToleranceReader _tolerances = new(problems);

    /// <summary>Reads a list of activities; those that are wrong are reported and left out.</summary>
    public IReadOnlyList<Activity> ReadAll(ExperimentNode? node, string path)
    {
        if (node is null)
            return [];
        if (node is not ExperimentNode.List list)
        {
            problems.Add(node, path, $"is {node.Kind}, but should be a list", "Write a list of activities.");
            return [];
        }
        return [.. list.Items.Select((item, i) => Read(item, $"{path}[{i}]")).OfType<Activity>()];
    }

    /// <summary>Reads one that may be a reference.</summary>
    public Activity? Read(ExperimentNode node, string path)
    {
        if (node is not ExperimentNode.Map map)
        {
            problems.Add(node, path, $"is {node.Kind}, but should be an activity", "Write { type: probe or action, name: ..., provider: ... }.");
            return null;
        }
        return references.Follow(map, ref path, problems) is { } found ? ReadWhole(found, path) : null;
    }

    private Activity? ReadWhole(ExperimentNode.Map written, string path)
    {
        NoteUnknownNames(written, path);
        var fields = ExperimentFields.Open(values.Replace(written), path, "", problems)!;
        fields.NoteUnknown("type", "name", "provider", "tolerance", "pauses", "background", "controls", "configuration", "secrets", "description");
        if (fields["controls"] is not null)
            problems.Notice($"{path}.controls: controls are not run here; they are left aside.");
        var name = fields.Text("name", "Give the activity a name.");
        var type = fields.Text("type", "Say whether it looks or changes something: type: probe, or action.");
        if (type is not (null or "probe" or "action"))
            fields.Report("type", $"'{ExperimentProblems.Shown(type)}' is no kind of activity", "Write probe or action.");
        var isProbe = type == "probe";
        var tolerance = fields["tolerance"];
        var call = CallOf(fields["provider"], ref tolerance);
        var provider = fields["provider"] is { } node ? _providers.Read(name ?? "", isProbe, node, fields.PathTo("provider"), call) : null;
        if (fields["provider"] is null)
            fields.Report("provider", "is missing", "Say what does it: provider: { type: process, path: ... }, http, or pressure.");
        var judge = tolerance is not null && _tolerances.Check(tolerance, fields.PathTo("tolerance")) ? ReadJudge(tolerance, fields.PathTo("tolerance")) : null;
        var (before, after) = Pauses(fields);
        var background = fields.Flag("background");
        if (name is null || provider is null)
            return null;
        return new()
        {
            Name = name,
            IsProbe = isProbe,
            Provider = provider,
            Tolerance = tolerance?.ToJson(),
            Judge = judge,
            PauseBefore = before,
            PauseAfter = after,
            Background = background,
            Written = written.ToJson(),
        };
    }

    // A probe that looks at what another one saw; by the format's code it is given it as the argument "value".
    private Activity? ReadJudge(ExperimentNode node, string path)
    {
        if (Read(node, path) is not { } judge)
            return null;
        if (!judge.IsProbe)
            problems.Add(node, path, "is an action, but what judges a value must be a probe", "Let its type be probe.");
        else if (judge.Provider is Provider.Probe or Provider.Fault)
            problems.Add(node, $"{path}.provider.type", "can't be handed the value that is judged", "Let a process or a request judge it.");
        else if (judge.Provider is Provider.Process { CommandLine: not null } || (judge.Provider is Provider.Process && (node as ExperimentNode.Map)?["provider"] is ExperimentNode.Map provider && provider["arguments"] is ExperimentNode.List))
            problems.Add(node, $"{path}.provider.arguments", "has no names, so the value that is judged can't be handed over", "Write arguments as a map; 'value' is added to it.");
        return judge;
    }

    // A probe of ours that was written for other tools judges by itself, and its exit code says how: then 0 is what it must be.
    private static OwnCall? CallOf(ExperimentNode? provider, ref ExperimentNode? tolerance)
    {
        if (provider is not ExperimentNode.Map map || ProviderReader.CallOf(map) is not { } call)
            return null;
        if (!call.IsProbe)
            return call;
        if (call["tolerance"] is not { } own)
            return tolerance is null ? call : null;
        if (tolerance is not ExperimentNode.Scalar { Value: 0L })
            return null;
        tolerance = PlacedJson.Of(OwnCall.JsonOf(own), map["arguments"]!);
        return call;
    }

    private (TimeSpan Before, TimeSpan After) Pauses(ExperimentFields fields)
    {
        if (fields["pauses"] is not { } node || ExperimentFields.Open(node, fields.PathTo("pauses"), "Write pauses: { before: 2, after: 5 }, in seconds.", problems) is not { } pauses)
            return default;
        pauses.NoteUnknown("before", "after");
        return (pauses.Seconds("before") ?? default, pauses.Seconds("after") ?? default);
    }

    // A shell's own variables look the same, so this is no problem, unless it is in something of ours.
    private void NoteUnknownNames(ExperimentNode node, string path)
    {
        switch (node)
        {
            case ExperimentNode.Scalar { Value: string text }:
                foreach (var name in values.Unknown(text))
                    problems.Notice($"{path}: ${{{name}}} is no name of configuration or secrets; it stays as it is.");
                break;
            case ExperimentNode.List list:
                foreach (var (i, item) in list.Items.Index())
                    NoteUnknownNames(item, $"{path}[{i}]");
                break;
            case ExperimentNode.Map map:
                foreach (var entry in map.Entries)
                    NoteUnknownNames(entry.Value, $"{path}.{entry.Key.Text}");
                break;
        }
    }
}
