using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pressure.Chaos;

/// <summary>Judges what a probe saw by its tolerance, as Chaos Toolkit does; all kinds but <c>probe</c>, which has to be run. Pure.</summary>
public static class Tolerances
{
    /// <summary>Why a value will not do, an English clause; null if it will.</summary>
    /// <param name="tolerance">As written, names replaced.</param>
    /// <param name="value">What the probe saw.</param>
    public static string? Problem(JsonNode? tolerance, JsonNode? value) => tolerance switch
    {
        null => null,
        JsonArray list => InList(list, value),
        JsonObject kind => Typed(kind, value),
        // Only numbers look at a result's status: that is how the format's code has it.
        _ => Is(tolerance, tolerance.GetValueKind() == JsonValueKind.Number ? Status(value) ?? value : value),
    };

    /// <summary>Whether a probe that judges another one's value says yes: true, a number or text or list that is not empty; of a program or request, its success.</summary>
    /// <remarks>Chaos Toolkit takes any result of a program for a yes, even a failed one's; a probe that can only say yes would be none.</remarks>
    public static bool SaysYes(JsonNode? value) => value switch
    {
        null => false,
        JsonObject { Count: > 0 } result when Status(result)?.GetValueKind() == JsonValueKind.Number => Status(result)!.GetValue<double>() is 0 or (>= 200 and < 400),
        JsonObject map => map.Count > 0,
        JsonArray list => list.Count > 0,
        _ => value.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.Number => value.GetValue<double>() != 0,
            JsonValueKind.String => value.GetValue<string>().Length > 0,
            _ => false,
        },
    };

    private static string? Is(JsonNode expected, JsonNode? value) => Equal(expected, value) ? null : $"it is {Shown(value)}, not {Shown(expected)}";

    private static string? InList(JsonArray list, JsonNode? value)
    {
        // A pair is a range, except against a result that has a status.
        var status = Status(value);
        if (status is null && list.Count == 2)
            return Between(list[0], list[1], value) ? null : $"{Rounded(list[0], list[1], value)} is not from {Shown(list[0])} to {Shown(list[1])}";
        return list.Any(allowed => Equal(allowed, status ?? value)) ? null : $"{Shown(status ?? value)} is none of {string.Join(", ", list.Select(Shown))}";
    }

    private static string? Typed(JsonObject tolerance, JsonNode? value)
    {
        var target = tolerance["target"]?.ToString() is { Length: > 0 } name && value is JsonObject map && map.TryGetPropertyValue(name, out var found) ? found : value;
        return tolerance["type"]?.ToString() switch
        {
            "range" => InRange(tolerance["range"] as JsonArray, target),
            "regex" => Matches(tolerance["pattern"]?.ToString() ?? "", target),
            "jsonpath" => Leads(tolerance, target),
            var type => $"its tolerance is of type '{type}'",
        };
    }

    private static string? InRange(JsonArray? range, JsonNode? value)
    {
        var number = value switch
        {
            JsonValue v when v.GetValueKind() == JsonValueKind.String => decimal.TryParse(v.ToString().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : null,
            _ => Number(value),
        };
        if (number is null)
            return $"{Shown(value)} is no number";
        return Number(range?[0]) <= number && number <= Number(range?[1]) ? null : $"{Rounded(range?[0], range?[1], value)} is not from {Shown(range?[0])} to {Shown(range?[1])}";
    }

    private static string? Matches(string pattern, JsonNode? value)
    {
        if (value is not JsonValue text || text.GetValueKind() != JsonValueKind.String)
            return $"{Shown(value)} is no text; a target says which part of the result is meant";
        try
        {
            return PatternText.Parse(pattern) is { } regex && regex.IsMatch(text.GetValue<string>()) ? null : $"{Shown(value)} does not match {pattern}";
        }
        catch (RegexMatchTimeoutException)
        {
            return $"{pattern} takes too long to look for in {Shown(value)}";
        }
    }

    private static string? Leads(JsonObject tolerance, JsonNode? value)
    {
        var path = tolerance["path"]?.ToString() ?? "";
        var document = value is JsonValue text && text.GetValueKind() == JsonValueKind.String ? OwnCall.JsonOf(text.GetValue<string>()) : value;
        var found = JsonPath.Parse(path)?.Find(document) ?? [];
        if (tolerance.TryGetPropertyValue("expect", out var expect))
        {
            IReadOnlyList<JsonNode?> expected = expect is JsonArray list ? [.. list] : [expect];
            return found.Count == expected.Count && found.Zip(expected).All(p => Equal(p.First, p.Second)) ? null : $"{path} leads to {Shown(found)}, not {Shown(expected)}";
        }
        if (tolerance["count"] is { } count)
            return Number(count) == found.Count ? null : $"{path} leads to {found.Count} values, not {Shown(count)}";
        return found.Count > 0 ? null : $"{path} leads to nothing";
    }

    private static JsonNode? Status(JsonNode? value) => (value as JsonObject)?["status"];

    private static bool Between(JsonNode? low, JsonNode? high, JsonNode? value) =>
        (Number(low), Number(value), Number(high)) is ({ } from, { } number, { } to) ? from <= number && number <= to
            : (Text(low), Text(value), Text(high)) is ({ } first, { } text, { } last) && string.CompareOrdinal(first, text) <= 0 && string.CompareOrdinal(text, last) <= 0;

    // A switch is a number to the format's code: true equals 1.
    private static bool Equal(JsonNode? one, JsonNode? other) =>
        (Number(one), Number(other)) is ({ } a, { } b) ? a == b : JsonNode.DeepEquals(one, other);

    private static decimal? Number(JsonNode? node) => node is JsonValue value ? value.GetValueKind() switch
    {
        JsonValueKind.Number => decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => null,
    } : null;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>A number to four figures, where it is as far out of the range with them as it is without.</summary>
    private static string Rounded(JsonNode? low, JsonNode? high, JsonNode? value)
    {
        if (Number(value) is not { } number || number == decimal.Truncate(number))
            return Shown(value);
        var rounded = decimal.Parse(((double)number).ToString("G4", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
        return rounded >= Number(low) && rounded <= Number(high) ? Shown(value) : rounded.ToString(CultureInfo.InvariantCulture);
    }

    private static string Shown(IReadOnlyList<JsonNode?> nodes) => nodes.Count == 1 ? Shown(nodes[0]) : $"[{string.Join(", ", nodes.Select(Shown))}]";

    private static string Shown(JsonNode? node) => node is null ? "nothing" : ExperimentProblems.Shown(Text(node) is { } text ? $"'{text}'" : node.ToJsonString());
}
