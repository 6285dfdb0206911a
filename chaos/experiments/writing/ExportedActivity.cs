using System.Text.Json.Nodes;
using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>Turns one of our faults or probes into a call of this program; <see cref="OwnCall"/> reads it again. Names (<c>${name}</c>) stay names.</summary>
internal static class ExportedActivity
{
    // How much longer than the fault the call may take: choosing, applying, undoing.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(120);

    public static void Change(JsonObject activity, ExperimentSettings settings)
    {
        if (activity["tolerance"] is JsonObject { } judge && judge["provider"] is not null)
            Change(judge, settings);
        if (activity["provider"] is not JsonObject provider || provider["type"]?.ToString() != "pressure")
            return;
        activity["provider"] = provider.ContainsKey("probe") ? Probe(provider, activity) : Fault(provider, settings);
    }

    private static JsonObject Probe(JsonObject provider, JsonObject activity)
    {
        List<string> words = ["chaos", "probe", Text(provider["probe"]), .. Arguments(provider)];
        if (activity["tolerance"] is { } tolerance)
        {
            // The call judges by itself; its exit code says how.
            words.AddRange(["--tolerance", tolerance.ToJsonString()]);
            activity["tolerance"] = 0;
        }
        return Call(words, null);
    }

    private static JsonObject Fault(JsonObject provider, ExperimentSettings settings)
    {
        List<string> words = ["chaos", "fault", Text(provider["fault"]), "--target", provider["target"]?.ToJsonString() ?? "null", "--duration", Text(provider["duration"]), .. Arguments(provider)];
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

    private static TimeSpan? Timeout(JsonObject provider, int stages) =>
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

    private static IEnumerable<string> Arguments(JsonObject provider) =>
        (provider["arguments"] as JsonObject ?? []).SelectMany(a => new[] { "--argument", $"{a.Key}={Text(a.Value)}" });

    private static string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => value.ToJsonString(),
        JsonValue value => value.ToString(),
        _ => node.ToJsonString(),
    };
}
