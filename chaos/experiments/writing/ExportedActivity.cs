using System.Text.Json.Nodes;
using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>Turns one of our faults or probes into a call of this program; <see cref="OwnCall"/> reads it again. Names (<c>${name}</c>) stay names.</summary>
/// <param name="settings">The experiment's.</param>
/// <param name="hasValues">Whether there are values, so that whoever reads a text again puts them in place of their names.</param>
internal sealed class ExportedActivity(ExperimentSettings settings, bool hasValues)
{
    // How much longer than the fault the call may take: choosing, applying, undoing.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(120);

    public void Change(JsonObject activity)
    {
        if (activity["tolerance"] is JsonObject { } judge && judge["provider"] is not null)
            Change(judge);
        if (activity["provider"] is not JsonObject provider || provider["type"]?.ToString() != "pressure")
            return;
        activity["provider"] = provider.ContainsKey("probe") ? Probe(provider, activity) : Fault(provider);
    }

    private JsonObject Probe(JsonObject provider, JsonObject activity)
    {
        List<string> words = ["chaos", "probe", Text(provider["probe"]), .. Arguments(provider)];
        if (activity["tolerance"] is { } tolerance)
        {
            // The call judges by itself; its exit code says how.
            words.AddRange(["--tolerance", Json(tolerance)]);
            activity["tolerance"] = 0;
        }
        return Call(words, null);
    }

    private JsonObject Fault(JsonObject provider)
    {
        List<string> words = ["chaos", "fault", Text(provider["fault"]), "--target", Json(provider["target"]), "--duration", Text(provider["duration"]), .. Arguments(provider)];
        var stages = (provider["stages"] as JsonArray)?.Select(Text).ToList() ?? [];
        if (stages.Count > 0)
            words.AddRange(["--stages", string.Join(',', stages)]);
        if (provider["stageTime"] is { } stageTime)
            words.AddRange(["--stage-time", Text(stageTime)]);
        words.AddRange(["--lease", DurationText.Of(settings.Lease)]);
        if (settings.MaxTargets is { } targets)
            words.AddRange(["--max-targets", $"{targets}"]);
        if (settings.MaxShare is { } share)
            words.AddRange(["--max-share", SelectionModeText.Write(new SelectionMode.Percent(share))]);
        if (settings.Risky)
            words.Add("--risky");
        return Call(words, Timeout(provider, stages.Count));
    }

    private TimeSpan? Timeout(JsonObject provider, int stages) =>
        FaultArguments.Duration(Text(provider["duration"])) is { } duration
            ? duration + ((FaultArguments.Duration(Text(provider["stageTime"])) ?? TimeSpan.FromSeconds(10)) * stages) + Margin
            : null;

    private static JsonObject Call(List<string> words, TimeSpan? timeout)
    {
        var call = new JsonObject { ["type"] = "process", ["path"] = "pressure", ["arguments"] = new JsonArray([.. words.Select(w => (JsonNode)w)]) };
        if (timeout is { } limit)
            call["timeout"] = Math.Ceiling(limit.TotalSeconds);
        return call;
    }

    private IEnumerable<string> Arguments(JsonObject provider) =>
        (provider["arguments"] as JsonObject ?? []).SelectMany(a => new[] { "--argument", $"{Key(a.Key)}={Text(a.Value)}" });

    private string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => value.ToJsonString(),
        JsonValue value => value.ToString(),
        _ => Json(node),
    };

    private string Json(JsonNode? node) => WithKeys(node)?.ToJsonString() ?? "null";

    private JsonNode? WithKeys(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(e => KeyValuePair.Create(Key(e.Key), WithKeys(e.Value)))),
        JsonArray list => new JsonArray([.. list.Select(WithKeys)]),
        _ => node?.DeepClone(),
    };

    // In keys nothing is replaced; a text is replaced in as a whole.
    private string Key(string key) => hasValues ? key.Replace("$", "$$", StringComparison.Ordinal) : key;
}
