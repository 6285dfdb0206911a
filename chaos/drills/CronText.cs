using System.Globalization;
using System.Text.RegularExpressions;
using Quartz;

namespace Pressure.Chaos;

/// <summary>Cron expressions as crontabs write them: minute, hour, day of the month, month, day of the week. What is wrong is said in people's words.</summary>
public static partial class CronText
{
    private const string Example = "30 9 * * MON-FRI is half past nine on working days";

    private static readonly Field[] Fields =
    [
        new("minute", 0, 59, []),
        new("hour", 0, 23, []),
        new("day of the month", 1, 31, []),
        new("month", 1, 12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]),
        new("day of the week", 0, 7, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]),
    ];

    /// <summary>Everything that is wrong with an expression; English sentences without full stop, each with its remedy.</summary>
    public static IReadOnlyList<(string Message, string Remedy)> Problems(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != Fields.Length)
            return [($"'{Shown(text)}' has {words.Length} {(words.Length == 1 ? "field" : "fields")}, a cron expression has five", $"Write minute, hour, day of the month, month and day of the week: {Example}.")];
        List<(string, string)> problems = [.. words.Zip(Fields).SelectMany(f => f.First.Split(',').Select(item => ProblemOf(item, f.Second))).OfType<(string, string)>()];
        if (problems.Count == 0 && !CronExpression.TryParse(string.Join(' ', words), CronFormat.Unix, out _))
            problems.Add(($"'{Shown(text)}' can't be read", $"Write it simpler: {Example}."));
        return problems;
    }

    /// <summary>The expression; it has no <see cref="Problems"/>.</summary>
    internal static CronExpression Parse(string text, TimeZoneInfo zone) => CronExpression.Parse(text, CronFormat.Unix).WithTimeZone(zone);

    private static (string, string)? ProblemOf(string item, Field field)
    {
        if (Item().Match(item) is not { Success: true } match)
            return ($"'{Shown(item)}' is nothing for the {field.Name}", $"Write a number from {field.First} to {field.Last}{field.Names}, a range 1-5, steps */10, a list 1,3 or * for any.");
        foreach (var bound in new[] { match.Groups["from"], match.Groups["to"] })
        {
            if (bound.Success && field.Number(bound.Value) is not { } number)
                return ($"'{bound.Value}' is no {field.Name}", $"Write a number from {field.First} to {field.Last}{field.Names}.");
        }
        if (match.Groups["to"].Success && field.Number(match.Groups["from"].Value) > field.Number(match.Groups["to"].Value))
            return ($"the range '{Shown(item)}' of the {field.Name} runs backwards", $"Write the smaller one first, or two ranges: {match.Groups["from"].Value}-{field.Last},{field.First}-{match.Groups["to"].Value}.");
        return match.Groups["step"].Success && !(int.TryParse(match.Groups["step"].ValueSpan, CultureInfo.InvariantCulture, out var step) && step >= 1 && step <= field.Last)
            ? ($"'/{match.Groups["step"].Value}' is no step for the {field.Name}", $"Write a step from 1 to {field.Last}.")
            : null;
    }

    private static string Shown(string text) => text.Length > 60 ? text[..60] + "..." : text;

    [GeneratedRegex(@"\A(?:\*|(?<from>[0-9A-Za-z]{1,9})(?:-(?<to>[0-9A-Za-z]{1,9}))?)(?:/(?<step>[0-9]{1,9}))?\z")]
    private static partial Regex Item();

    private sealed record Field(string Name, int First, int Last, string[] Known)
    {
        public string Names => Known.Length == 0 ? "" : $" or {Known[0]} to {Known[^1]}";

        public int? Number(string text)
        {
            var named = Array.IndexOf(Known, text.ToUpperInvariant());
            if (named >= 0)
                return named + First;
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= First && number <= Last ? number : null;
        }
    }
}
