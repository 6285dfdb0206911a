using System.Text.Json;
using System.Text.Json.Nodes;

namespace Shop;

/// <summary>The body of <c>PUT</c> and <c>GET /_behaviour</c>. A <c>PUT</c> replaces everything: what is left out goes back to normal.</summary>
internal static class BehaviourJson
{
    private const string Fields = "delay, delayJitter, errorRate, capacity, whenFull, allocate, freeze";

    /// <summary>Reads a behaviour; all that is wrong goes to <paramref name="problems"/>.</summary>
    public static Behaviour Read(JsonElement json, List<string> problems)
    {
        var behaviour = new Behaviour();
        if (json.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"The body is not a JSON object. Send one with any of {Fields}.");
            return behaviour;
        }

        foreach (var field in json.EnumerateObject())
        {
            if (With(behaviour, field) is { } changed)
                behaviour = changed;
            else
                problems.Add(Problem(field));
        }

        problems.AddRange(behaviour.Problems());
        return behaviour;
    }

    public static JsonObject Write(Behaviour behaviour)
    {
        var json = new JsonObject
        {
            ["delay"] = DurationText.Write(behaviour.Delay),
            ["delayJitter"] = DurationText.Write(behaviour.DelayJitter),
            ["errorRate"] = behaviour.ErrorRate,
            ["capacity"] = behaviour.Capacity,
            ["whenFull"] = behaviour.WhenFull == WhenFull.Queue ? "queue" : "reject",
            ["allocate"] = behaviour.Allocate,
            ["freeze"] = DurationText.Write(TimeSpan.FromMilliseconds(Math.Ceiling(behaviour.Freeze.TotalMilliseconds))),
        };
        return json;
    }

    private static Behaviour? With(Behaviour behaviour, JsonProperty field) => field.Name switch
    {
        "delay" when Duration(field.Value) is { } delay => behaviour with { Delay = delay },
        "delayJitter" when Duration(field.Value) is { } jitter => behaviour with { DelayJitter = jitter },
        "freeze" when Duration(field.Value) is { } freeze => behaviour with { Freeze = freeze },
        "errorRate" when IsNumber(field.Value) && field.Value.TryGetDecimal(out var rate) => behaviour with { ErrorRate = rate },
        "capacity" when field.Value.ValueKind == JsonValueKind.Null => behaviour with { Capacity = null },
        "capacity" when IsNumber(field.Value) && field.Value.TryGetInt32(out var capacity) => behaviour with { Capacity = capacity },
        "allocate" when IsNumber(field.Value) && field.Value.TryGetInt32(out var bytes) => behaviour with { Allocate = bytes },
        "whenFull" when IsText(field.Value, "queue") => behaviour with { WhenFull = WhenFull.Queue },
        "whenFull" when IsText(field.Value, "reject") => behaviour with { WhenFull = WhenFull.Reject },
        _ => null,
    };

    private static string Problem(JsonProperty field) => field.Name switch
    {
        "delay" or "delayJitter" or "freeze" => $"{field.Name} is {field.Value.GetRawText()}. Write a duration such as \"5ms\" or \"2s\".",
        "errorRate" => $"errorRate is {field.Value.GetRawText()}. Give a number from 0 to 1.",
        "capacity" or "allocate" => $"{field.Name} is {field.Value.GetRawText()}. Give a whole number.",
        "whenFull" => $"whenFull is {field.Value.GetRawText()}. Write \"queue\" or \"reject\".",
        _ => $"There is no {field.Name}. Known are {Fields}.",
    };

    private static TimeSpan? Duration(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && DurationText.TryParse(value.GetString()!, out var duration) ? duration : null;

    private static bool IsNumber(JsonElement value) => value.ValueKind == JsonValueKind.Number;

    private static bool IsText(JsonElement value, string text) => value.ValueKind == JsonValueKind.String && value.ValueEquals(text);
}
