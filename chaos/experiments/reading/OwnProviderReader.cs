using System.Text.Json.Nodes;
using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>Reads providers of type <c>pressure</c>: our faults and our probes.</summary>
internal sealed class OwnProviderReader(ExperimentKinds kinds, ExperimentProblems problems)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public Provider? Read(ExperimentFields fields, bool isProbe)
    {
        if (isProbe)
            fields.CheckKnown("type", "probe", "arguments");
        else
            fields.CheckKnown("type", "fault", "target", "duration", "arguments", "stages", "stageTime");
        return isProbe ? ReadProbe(fields) : ReadFault(fields);
    }

    /// <summary>Reads a call of this program as what it is; whatever is wrong with it is where the call stands.</summary>
    public Provider? Read(OwnCall call, ExperimentFields at, bool isProbe)
    {
        if (call.IsProbe != isProbe)
        {
            at.Report("arguments", call.IsProbe ? "is a probe in an action" : "is a fault in a probe", call.IsProbe ? "Let the activity's type be probe." : "Let the activity's type be action.");
            return null;
        }
        var node = PlacedJson.Of(call.ToProvider(), at["arguments"]!);
        return Read(ExperimentFields.Open(node, at.PathTo("arguments"), "", problems)!, isProbe);
    }

    private Provider.Probe? ReadProbe(ExperimentFields fields)
    {
        if (fields.Text("probe", $"Name the kind of probe: {List(kinds.Probes.Select(p => p.Kind))}.") is not { } kind)
            return null;
        var arguments = Arguments(fields, mayBeSecret: true);
        if (kinds.Probes.FirstOrDefault(p => p.Kind == kind) is not { } probe)
        {
            fields.Report("probe", $"there is no probe '{ExperimentProblems.Shown(kind)}'", Suggestion.Remedy(kind, [.. kinds.Probes.Select(p => p.Kind)]));
            return null;
        }
        if (Check(new FaultDescription { Kind = probe.Kind, Summary = probe.Summary, Target = TargetKind.Host, Parameters = probe.Parameters }, arguments, fields))
            CheckMeaning(new(kind, arguments), fields);
        return new(kind, arguments);
    }

    /// <summary>What the types don't say, such as a port above 65535. A problem may quote what is wrong, so secrets are left to the probe itself.</summary>
    private void CheckMeaning(Provider.Probe probe, ExperimentFields fields)
    {
        if (fields["arguments"] is ExperimentNode.Map map && map.Entries.Any(e => e.Value is ExperimentNode.Scalar { Secret: true }))
            return;
        try
        {
            kinds.Makes?.Create(probe);
        }
        catch (ArgumentException e)
        {
            fields.Report("arguments", e.Message.TrimEnd('.'), "See 'pressure chaos faults' and docs/probes.md.");
        }
    }

    private Provider.Fault? ReadFault(ExperimentFields fields)
    {
        var kind = fields.Text("fault", "Name the kind of fault; 'pressure chaos faults' lists them.");
        var fault = kinds.Faults.FirstOrDefault(f => f.Kind == kind);
        if (kind is not null && fault is null)
            fields.Report("fault", $"there is no fault '{ExperimentProblems.Shown(kind)}'", Suggestion.Remedy(kind, [.. kinds.Faults.Select(f => f.Kind)]));
        var stages = Stages(fields);
        var selector = new SelectorReader(problems).Read(fields["target"], fields.Node, fields.PathTo("target"), stages.Count > 0 ? new SelectionMode.All() : new SelectionMode.One());
        if (fault is not null && selector is not null && !fault.Strikes(selector.Kind))
            fields.Report("target", $"{fault.Kind} strikes {Things(fault)}, not a {Word(selector.Kind)}", $"Write target: {{ {Word(fault.Target)}: ... }}.");
        var duration = fields.Duration("duration", TimeSpan.FromMilliseconds(1), Day);
        if (fields["duration"] is null)
            fields.Report("duration", "is missing", "Say how long it holds: duration: 30s.");
        var stageTime = fields.Duration("stageTime", TimeSpan.FromMilliseconds(1), Day) ?? TimeSpan.FromSeconds(10);
        if (stages.Count == 0 && fields["stageTime"] is not null)
            fields.Report("stageTime", "is the time between stages, but there are none", "Give stages, such as stages: [ 1, 25%, 100% ], or remove it.");
        if (duration is { } held && held + (stageTime * Math.Max(0, stages.Count - 1)) > Day)
            fields.Report("duration", "with its stages it holds longer than a day", "Shorten duration, stages or stageTime.");
        var arguments = Arguments(fields, mayBeSecret: false);
        if (fault is not null)
            Check(fault, arguments, fields);
        return fault is null || selector is null || duration is null ? null : new(fault.Kind, selector, duration.Value, arguments) { Risky = fault.Risky, Stages = stages, StageTime = stages.Count > 0 ? stageTime : default };
    }

    private List<SelectionMode> Stages(ExperimentFields fields)
    {
        List<SelectionMode> stages = [];
        var items = fields.Items("stages", "Write a list, such as stages: [ 1, 25%, 100% ].");
        if (items.Count > 20)
            fields.Report("stages", $"has {items.Count} stages, more than 20", "Use fewer, larger steps.");
        foreach (var (i, item) in items.Take(20).Index())
        {
            if (item is ExperimentNode.Scalar scalar && SelectionMode.Parse(scalar.Text) is { } stage and not SelectionMode.UpTo)
                stages.Add(stage);
            else
                problems.Add(item, $"{fields.PathTo("stages")}[{i}]", "is no stage", "Write a number such as 1, a share such as 25%, or all.");
        }
        if (fields["stages"] is ExperimentNode.List { Items.Count: 0 } empty)
            problems.Add(empty, fields.PathTo("stages"), "is empty", "Write a list, such as stages: [ 1, 25%, 100% ], or remove it.");
        return stages;
    }

    private JsonObject Arguments(ExperimentFields fields, bool mayBeSecret)
    {
        if (fields["arguments"] is not { } node || ExperimentFields.Open(node, fields.PathTo("arguments"), "Write names with their values.", problems) is not { } entries)
            return [];
        var arguments = new JsonObject();
        foreach (var (key, value) in entries.Entries)
        {
            if (value is ExperimentNode.Scalar { Secret: true } && !mayBeSecret)
                problems.Add(value, entries.PathTo(key.Text), "is a secret, but a fault's arguments stand in its journal", "Use configuration, or no secret here.");
            else
                arguments[key.Text] = value.ToJson();
        }
        return arguments;
    }

    private bool Check(FaultDescription description, JsonObject arguments, ExperimentFields fields)
    {
        var all = FaultArguments.Problems(description, arguments).ToList();
        foreach (var problem in all)
        {
            // The sentence tells what it takes; where the argument stands is told by the place.
            var at = (fields["arguments"] as ExperimentNode.Map)?.Entries.FirstOrDefault(e => problem.Contains($"'{e.Key.Text}'", StringComparison.Ordinal))?.Value;
            problems.Add(at ?? fields["arguments"] ?? fields.Node, fields.PathTo("arguments"), problem.TrimEnd('.'), "See 'pressure chaos faults' and docs/faults.md.");
        }
        return all.Count == 0;
    }

    private static string Things(FaultDescription fault) => string.Join(" or ", fault.Targets.Select(t => $"a {Word(t)}"));

    private static string Word(TargetKind kind) => kind.ToString().ToLowerInvariant();

    private static string List(IEnumerable<string> words) => string.Join(", ", words);
}
