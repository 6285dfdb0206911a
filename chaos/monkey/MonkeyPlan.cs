namespace Pressure.Chaos;

/// <summary>What a monkey does, checked and immutable: now and then, in allowed hours, it strikes one of each group.</summary>
public sealed record MonkeyPlan
{
    /// <summary>Its name: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public required string Name { get; init; }

    /// <summary>When it may strike.</summary>
    public required AllowedHours Hours { get; init; }

    /// <summary>What it strikes, each on its own.</summary>
    public required IReadOnlyList<MonkeyGroup> Groups { get; init; }

    /// <summary>The times in which it may strike next, half-open, in order; at which moment of them, and whether at all, nobody can tell.</summary>
    /// <param name="from">From when on.</param>
    /// <param name="days">How far to look.</param>
    public IEnumerable<(DateTimeOffset From, DateTimeOffset To)> NextTimes(DateTimeOffset from, int days = 60)
    {
        // Yesterday's window may still be open past midnight.
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, Hours.Zone).DateTime);
        return Enumerable.Range(-1, days + 1).SelectMany(d => WorkingTime.Of(Hours, today.AddDays(d))?.Pieces ?? [])
            .Where(p => p.To > from).Select(p => (p.From < from ? from : p.From, p.To));
    }
}

/// <summary>A group that a monkey strikes on its own.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Strike">What is done to whom.</param>
/// <param name="Mean">The mean time between two strikes.</param>
public sealed record MonkeyGroup(string Name, Provider.Fault Strike, MonkeyMean Mean)
{
    /// <summary>A label whose every value is a group of its own; null if it is one group.</summary>
    public string? By { get; init; }
}

/// <summary>The mean time between two strikes on a group, in working intervals: in each of them it is struck with probability 1 / mean.</summary>
/// <param name="Intervals">How many intervals, at least 1.</param>
/// <param name="Length">How long an interval is, in allowed time; null for a whole working day.</param>
public sealed record MonkeyMean(double Intervals, TimeSpan? Length)
{
    /// <summary>Longest mean there is, in intervals.</summary>
    public const double Most = 100_000;

    /// <summary>Reads <c>2d</c>, working days, or <c>4h</c>, hours of allowed time; null if it is neither.</summary>
    public static MonkeyMean? Parse(string text) =>
        text is [.. var number, 'd' or 'h'] && double.TryParse(number, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var intervals) && intervals is >= 1 and <= Most
            ? new(intervals, text[^1] == 'd' ? null : TimeSpan.FromHours(1))
            : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Intervals:0.###}{(Length is null ? "d" : "h")}");
}
