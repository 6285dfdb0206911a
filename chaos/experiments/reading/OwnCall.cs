using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>
/// One of our faults or probes as a call of this program, which is how it stands in a file for other tools:
/// <c>pressure chaos fault KIND --target JSON --duration 30s --argument k=v</c>, <c>pressure chaos probe KIND --argument k=v --tolerance JSON</c>.
/// </summary>
internal sealed record OwnCall(bool IsProbe, string Kind)
{
    /// <summary>Options in order, without their dashes.</summary>
    public required IReadOnlyList<(string Option, string Value)> Options { get; init; }

    private static readonly string[] FaultOptions = ["target", "duration", "argument", "stages", "stage-time", "lease", "max-targets", "max-share"];

    /// <summary>The call that words make; null if they are another one.</summary>
    public static OwnCall? Parse(IReadOnlyList<string> words)
    {
        if (words is not ["chaos", "fault" or "probe", [not '-', ..], ..])
            return null;
        var isProbe = words[1] == "probe";
        List<(string, string)> options = [];
        for (var i = 3; i < words.Count; i++)
        {
            if (words[i] == "--risky" && !isProbe)
                options.Add(("risky", "true"));
            else if (words[i] is ['-', '-', .. var option] && i + 1 < words.Count && (isProbe ? option is "argument" or "tolerance" : FaultOptions.Contains(option)))
                options.Add((option, words[++i]));
            else
                return null;
        }
        return new(isProbe, words[2]) { Options = options };
    }

    /// <summary>An option's value; null if it is not there.</summary>
    public string? this[string option] => Options.LastOrDefault(o => o.Option == option).Value;

    /// <summary>The arguments by name: <c>--argument k=v</c>.</summary>
    public IEnumerable<(string Name, string Value)> Arguments =>
        Options.Where(o => o.Option == "argument").Select(o => o.Value.Split('=', 2)).Select(p => (p[0], p.Length > 1 ? p[1] : ""));

    /// <summary>The provider as one of ours.</summary>
    public JsonObject ToProvider()
    {
        var arguments = new JsonObject(Arguments.DistinctBy(a => a.Name).Select(a => KeyValuePair.Create(a.Name, (JsonNode?)a.Value)));
        var provider = new JsonObject { ["type"] = "pressure", [IsProbe ? "probe" : "fault"] = Kind };
        if (arguments.Count > 0)
            provider["arguments"] = arguments;
        if (IsProbe)
            return provider;
        provider["target"] = this["target"] is { } target ? JsonOf(target) : null;
        provider["duration"] = this["duration"];
        if (this["stages"] is { } stages)
            provider["stages"] = new JsonArray([.. stages.Split(',').Select(s => (JsonNode?)s.Trim())]);
        if (this["stage-time"] is { } stageTime)
            provider["stageTime"] = stageTime;
        return provider;
    }

    /// <summary>JSON, or the text itself where it is none.</summary>
    public static JsonNode? JsonOf(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new() { MaxDepth = YamlTree.Deepest, AllowDuplicateProperties = false });
        }
        catch (System.Text.Json.JsonException)
        {
            return text;
        }
    }
}
