using System.Globalization;
using System.Text;
using Pressure.Faults;

namespace Pressure.Web.Chaos;

/// <summary>The usual experiment as a form: one fault on some containers of a service, and a probe that says whether the service is still there.</summary>
internal sealed record UsualCase
{
    public string Title { get; init; } = "";

    public string Fault { get; init; } = "container-kill";

    /// <summary>A label with its value, <c>app=items</c>, or a name, patterns with <c>*</c>.</summary>
    public string Target { get; init; } = "";

    /// <summary>How many: <c>1</c>, <c>50%</c>, <c>all</c>.</summary>
    public string Mode { get; init; } = "1";

    public string Duration { get; init; } = "30s";

    public string Url { get; init; } = "";

    public string Status { get; init; } = "200";

    public string Every { get; init; } = "1s";

    /// <summary>The experiment as YAML. What people typed is quoted, so that it stays what it is.</summary>
    /// <param name="kinds">Every kind of fault, for what the chosen one needs.</param>
    public string ToYaml(IReadOnlyList<FaultDescription> kinds)
    {
        var kind = kinds.FirstOrDefault(k => k.Kind == Fault);
        var title = Title.Trim().Length > 0 ? Title.Trim() : $"{Fault} on {Target}";
        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $"title: {Quoted(title)}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"description: {Quoted($"Does the service go on when this happens to it: {Fault}?")}\n\n");
        if (Url.Trim().Length > 0)
            AppendHypothesis(yaml);
        yaml.Append("method:\n");
        yaml.Append(CultureInfo.InvariantCulture, $"- type: action\n  name: {Quoted(Fault)}\n  provider:\n    type: pressure\n    fault: {Quoted(Fault)}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    target:\n      {(kind?.Target ?? TargetKind.Container).ToString().ToLowerInvariant()}: {TargetYaml()}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    duration: {Quoted(Duration)}\n");
        var needed = kind?.Parameters.Where(p => p.Required).ToList() ?? [];
        if (needed.Count > 0)
            yaml.Append("    arguments:\n");
        foreach (var parameter in needed)
            yaml.Append(CultureInfo.InvariantCulture, $"      {parameter.Name}: {Example(parameter.Type)} # {parameter.Summary}\n");
        yaml.Append("\nextensions:\n- name: pressure\n  lease: 10s\n");
        if (Url.Trim().Length > 0)
            yaml.Append(CultureInfo.InvariantCulture, $"  probeEvery: {Quoted(Every)}\n  stopOnDeviation: false\n");
        return yaml.ToString();
    }

    private void AppendHypothesis(StringBuilder yaml)
    {
        yaml.Append("steady-state-hypothesis:\n  title: The service answers\n  probes:\n");
        yaml.Append(CultureInfo.InvariantCulture, $"  - type: probe\n    name: The service answers\n    tolerance: {(int.TryParse(Status, out var status) ? status : 200)}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    provider:\n      type: http\n      url: {Quoted(Url.Trim())}\n      timeout: 2\n\n");
    }

    private string TargetYaml()
    {
        var conditions = Target.Split('=', 2) is [var label, var value]
            ? $"labels: {{ {Quoted(label.Trim())}: {Quoted(value.Trim())} }}"
            : $"name: {Quoted(Target.Trim())}";
        return $"{{ {conditions}, mode: {Quoted(Mode.Trim())} }}";
    }

    private static string Quoted(string text) => $"'{string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Example(ParameterType type) => type switch
    {
        ParameterType.Number => "1",
        ParameterType.Percent => "10%",
        ParameterType.Duration => "200ms",
        ParameterType.Bytes => "64MiB",
        ParameterType.BitRate => "1mbit",
        ParameterType.Flag => "true",
        _ => "''",
    };
}
