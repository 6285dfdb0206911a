using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Chaos.Tests.Experiments;

/// <summary>Whether two experiments ask for the same.</summary>
internal static class SameExperiment
{
    /// <summary>Where another one differs; null if it asks for the same.</summary>
    public static string? Problem(Experiment one, ExperimentResult other)
    {
        if (other.Experiment is not { } again)
            return string.Join('\n', other.Problems);
        var (first, second) = (Shown(one), Shown(again));
        return first == second ? null : $"{first}\n{second}";
    }

    private static string Shown(Experiment e) => new JsonObject
    {
        ["title"] = e.Title,
        ["tags"] = JsonSerializer.SerializeToNode(e.Tags),
        ["hypothesis"] = e.Hypothesis is null ? null : new JsonArray([e.Hypothesis.Title, .. e.Hypothesis.Probes.Select(Shown)]),
        ["method"] = new JsonArray([.. e.Method.Select(Shown)]),
        ["rollbacks"] = new JsonArray([.. e.Rollbacks.Select(Shown)]),
        ["configuration"] = JsonSerializer.SerializeToNode(e.Configuration),
        ["settings"] = JsonSerializer.SerializeToNode(e.Settings),
    }.ToJsonString();

    private static JsonNode Shown(Activity a) => new JsonObject
    {
        ["name"] = a.Name,
        ["is"] = $"{a.IsProbe} {a.PauseBefore} {a.PauseAfter} {a.Background}",
        ["tolerance"] = a.Tolerance?.DeepClone(),
        ["judge"] = a.Judge is { } judge ? Shown(judge) : null,
        ["provider"] = a.Provider switch
        {
            Provider.Fault f => new JsonObject
            {
                ["fault"] = f.Kind,
                ["duration"] = f.Duration.ToString(),
                ["stages"] = string.Join(',', f.Stages) + f.StageTime,
                ["target"] = JsonSerializer.SerializeToNode(f.Selector with { Mode = new SelectionMode.One() }),
                ["mode"] = f.Selector.Mode.ToString(),
                ["arguments"] = Texts(f.Arguments),
            },
            Provider.Probe p => new JsonObject { ["probe"] = p.Kind, ["arguments"] = Texts(p.Arguments) },
            var other => JsonSerializer.SerializeToNode(other, other.GetType()),
        },
    };

    // On a command line every argument is text; that is what faults read too.
    private static JsonObject Texts(JsonObject arguments) => new(arguments.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)(a.Value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Object or JsonValueKind.Array ? a.Value.ToJsonString() : a.Value?.ToString() ?? ""))));
}
