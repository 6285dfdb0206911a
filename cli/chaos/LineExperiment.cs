using System.Text.Json.Nodes;
using Pressure.Chaos;

namespace Pressure.Cli.Chaos;

/// <summary>Experiments of one activity, made of a command line.</summary>
internal static class LineExperiment
{
    public static ExperimentResult Fault(JsonObject provider, IReadOnlyList<string> arguments, JsonObject settings)
    {
        AddArguments(provider, arguments);
        return Read(new()
        {
            ["title"] = $"{provider["fault"]} on the command line",
            ["description"] = "One fault.",
            ["method"] = new JsonArray(new JsonObject { ["type"] = "action", ["name"] = provider["fault"]!.DeepClone(), ["provider"] = provider }),
            ["extensions"] = new JsonArray(settings),
        });
    }

    public static ExperimentResult Probe(string kind, IReadOnlyList<string> arguments, string? tolerance)
    {
        var provider = new JsonObject { ["type"] = "pressure", ["probe"] = kind };
        AddArguments(provider, arguments);
        var activity = new JsonObject { ["type"] = "probe", ["name"] = kind, ["provider"] = provider };
        if (tolerance is not null)
            activity["tolerance"] = TargetText.JsonOr(tolerance);
        return Read(new() { ["title"] = $"{kind} on the command line", ["description"] = "One look.", ["method"] = new JsonArray(activity) });
    }

    // Lines and columns would be those of a text that nobody has seen.
    private static ExperimentResult Read(JsonObject document)
    {
        var read = ExperimentReader.Parse(document.ToJsonString(), "command line", Environment.GetEnvironmentVariable);
        return read with { Problems = [.. read.Problems.Select(p => p with { Line = 0, Column = 0 })] };
    }

    private static void AddArguments(JsonObject provider, IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
            return;
        var map = new JsonObject();
        foreach (var pair in arguments.Select(a => a.Split('=', 2)))
            map[pair[0]] = pair.Length > 1 ? pair[1] : "";
        provider["arguments"] = map;
    }
}
