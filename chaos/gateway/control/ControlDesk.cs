using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pressure.Faults;

namespace Pressure.Gateway;

/// <summary>Answers questions that come over the control socket: <c>add</c>, <c>remove</c>, <c>list</c>; each a line of JSON, like its answer.</summary>
internal sealed class ControlDesk(RuleBook book, GatewayControl self, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The answer to a line.</summary>
    public JsonObject Answer(string line)
    {
        try
        {
            return JsonNode.Parse(line) is not JsonObject question ? Error("A question is a JSON object on one line.") : Text(question, "do") switch
            {
                "add" => Add(question),
                "remove" => new() { ["ok"] = true, ["removed"] = Text(question, "handle") is { } handle && book.Remove(handle) },
                "list" => List(),
                var other => Error($"'{other}' is nothing that can be done: add, remove, list."),
            };
        }
        catch (JsonException e)
        {
            return Error($"That is no JSON: {e.Message}");
        }
    }

    private JsonObject Add(JsonObject question)
    {
        if (Text(question, "handle") is not { Length: 12 } handle || !handle.All(char.IsAsciiHexDigitLower))
            return Error("A rule needs the handle of its fault: 12 lower-case hex digits.");
        if (question["until"] is not JsonValue until || !until.TryGetValue<double>(out var seconds))
            return Error("A rule needs its deadline in seconds since boot (until).");
        var left = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e9)) - FaultClock.OfMachine(time).SinceBoot();
        if (left > Longest)
            return Error("A rule holds for a day at the most.");
        List<string> problems = [];
        var kind = Text(question, "kind") ?? "";
        var rule = GatewayRules.Read(kind, question["arguments"] as JsonObject ?? [], problems);
        if (rule is not null && rule.Effect.IsHttp == self.To.StartsWith("tcp://", StringComparison.Ordinal))
            problems.Add($"{kind} is not for a route to {self.To}.");
        if (rule is null || problems.Count > 0)
            return Error(string.Join(' ', problems));
        book.Add(handle, kind, rule, left);
        return new() { ["ok"] = true };
    }

    private JsonObject List() => new()
    {
        ["ok"] = true,
        ["listen"] = self.Listen,
        ["to"] = self.To,
        ["at"] = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
        ["rules"] = new JsonArray([.. book.Rules.Select(r => (JsonNode)new JsonObject { ["handle"] = r.Handle, ["kind"] = r.Kind })]),
    };

    private static string? Text(JsonObject from, string name) => from[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject Error(string what) => new() { ["error"] = what };
}
