using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>What a burner is told on its command line.</summary>
/// <param name="Work">What it does: <c>cpu</c>, <c>memory</c>.</param>
/// <param name="Share">Share of each core that it burns, 0 to 1.</param>
/// <param name="Cores">Cores that it burns.</param>
/// <param name="Bytes">Memory that it fills.</param>
/// <param name="Reserve">Memory of the machine that it leaves available.</param>
internal sealed record BurnerOrder(string Work, double Share = 0, int Cores = 0, long Bytes = 0, long Reserve = 0)
{
    /// <summary>Control groups that it joins, their folders.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>The process without which it ends; null for none.</summary>
    public (int Pid, long Start)? Target { get; init; }

    /// <summary>Its fault's intent: without it it ends.</summary>
    public string Intent { get; init; } = "";

    /// <summary>When it ends, since boot.</summary>
    public TimeSpan Deadline { get; init; }

    /// <summary>As one argument.</summary>
    public JsonObject ToJson() => new()
    {
        ["work"] = Work,
        ["share"] = Share,
        ["cores"] = Cores,
        ["bytes"] = Bytes,
        ["reserve"] = Reserve,
        ["groups"] = new JsonArray([.. Groups.Select(g => JsonValue.Create(g))]),
        ["target"] = Target is var (pid, start) ? new JsonObject { ["pid"] = pid, ["start"] = start } : null,
        ["intent"] = Intent,
        ["deadline"] = Deadline.Ticks,
    };

    /// <summary>Of one argument, or of an intent.</summary>
    public static BurnerOrder Of(JsonObject json) => new((string)json["work"]!, (double)json["share"]!, (int)json["cores"]!, (long)json["bytes"]!, (long)json["reserve"]!)
    {
        Groups = [.. ((JsonArray)json["groups"]!).Select(g => (string)g!)],
        Target = StruckProcess.Kept(json["target"]),
        Intent = (string)json["intent"]!,
        Deadline = TimeSpan.FromTicks((long)json["deadline"]!),
    };
}
