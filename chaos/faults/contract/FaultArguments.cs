using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pressure.Faults;

/// <summary>Arguments of faults as they are written, checked against what the fault takes.</summary>
public static partial class FaultArguments
{
    /// <summary>Everything that is wrong with arguments; English sentences. An unknown one, a missing one, one that can't be read.</summary>
    public static IReadOnlyList<string> Problems(FaultDescription fault, JsonObject arguments)
    {
        List<string> problems = [];
        foreach (var (name, _) in arguments)
        {
            if (!fault.Parameters.Any(p => p.Name == name))
                problems.Add($"{fault.Kind} takes no '{name}'; it takes {(fault.Parameters.Count == 0 ? "nothing" : string.Join(", ", fault.Parameters.Select(p => p.Name)))}.");
        }
        foreach (var parameter in fault.Parameters)
        {
            if (TextOf(arguments, parameter.Name) is not { } text)
            {
                if (parameter.Required)
                    problems.Add($"{fault.Kind} needs '{parameter.Name}': {parameter.Summary}.");
            }
            else if (!Fits(parameter.Type, text))
            {
                problems.Add($"'{text}' is no {Example(parameter.Type)} for '{parameter.Name}' of {fault.Kind}: {parameter.Summary}.");
            }
        }
        return problems;
    }

    /// <summary>An argument's text, or its default's; null if it has neither.</summary>
    public static string? Text(FaultDescription fault, JsonObject arguments, string name) =>
        TextOf(arguments, name) ?? fault.Parameters.First(p => p.Name == name).Default;

    /// <summary>A whole number; null if it is none.</summary>
    public static long? Number(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A share from 0 to 1 of <c>30%</c>; null if it is none.</summary>
    public static double? Percent(string? text) =>
        text is [.. var number, '%'] && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 100 ? share / 100 : null;

    /// <summary>A span of <c>200ms</c>, <c>5s</c>, <c>1m</c>, <c>2h</c>; null if it is none.</summary>
    public static TimeSpan? Duration(string? text) =>
        Match(text, DurationText()) is var (number, unit) && unit switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, _ => 0 } * number is > 0 and <= 86400 and var seconds && TimeSpan.FromSeconds(seconds) is var span && span > TimeSpan.Zero ? span : null;

    /// <summary>Bytes of <c>64MiB</c>, <c>10kB</c>, <c>512</c>; null if it is none.</summary>
    public static long? Bytes(string? text) =>
        Match(text, BytesText()) is var (number, unit) && number * Factor(unit) is >= 0 and <= 1e15 and var bytes ? (long)bytes : null;

    /// <summary>Bits per second of <c>1mbit</c>, <c>256kbit</c>; null if it is none.</summary>
    public static long? BitRate(string? text) =>
        Match(text, BitRateText()) is var (number, unit) && unit switch { "bit" => 1, "kbit" => 1e3, "mbit" => 1e6, "gbit" => 1e9, _ => 0 } * number is >= 1 and <= 1e12 and var bits ? (long)bits : null;

    private static bool Fits(ParameterType type, string text) => type switch
    {
        ParameterType.Number => Number(text) is not null,
        ParameterType.Percent => Percent(text) is not null,
        ParameterType.Duration => Duration(text) is not null,
        ParameterType.Bytes => Bytes(text) is not null,
        ParameterType.BitRate => BitRate(text) is not null,
        ParameterType.Flag => text is "true" or "false",
        _ => true,
    };

    private static string Example(ParameterType type) => type switch
    {
        ParameterType.Number => "whole number",
        ParameterType.Percent => "share (30%)",
        ParameterType.Duration => "time (200ms, 5s, 1m)",
        ParameterType.Bytes => "size (64MiB)",
        ParameterType.BitRate => "bit rate (1mbit)",
        ParameterType.Flag => "flag (true, false)",
        _ => "text",
    };

    private static string? TextOf(JsonObject arguments, string name) => arguments[name] switch
    {
        JsonValue value => value.ToString() is var text && value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False ? text.ToLowerInvariant() : text,
        null => null,
        var other => other.ToJsonString(),
    };

    private static double Factor(string unit) => unit switch
    {
        "" or "B" => 1,
        "kB" => 1e3,
        "MB" => 1e6,
        "GB" => 1e9,
        "KiB" => 1024,
        "MiB" => 1024 * 1024,
        _ => 1024 * 1024 * 1024,
    };

    // [0-9], since \d stands for the digits of all scripts, which nothing here reads.
    private static (double Number, string Unit)? Match(string? text, Regex pattern) =>
        text is { Length: < 40 } && pattern.Match(text) is { Success: true } match ? (double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), match.Groups[2].Value) : null;

    [GeneratedRegex(@"\A([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)\z")]
    private static partial Regex DurationText();

    [GeneratedRegex(@"\A([0-9]+(?:\.[0-9]+)?)(|B|kB|MB|GB|KiB|MiB|GiB)\z")]
    private static partial Regex BytesText();

    [GeneratedRegex(@"\A([0-9]+(?:\.[0-9]+)?)(bit|kbit|mbit|gbit)\z")]
    private static partial Regex BitRateText();
}
