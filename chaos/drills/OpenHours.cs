using System.Globalization;

namespace Pressure.Chaos;

/// <summary>When drills may begin: hours of the day (half-open, also over midnight), working days, no holidays. Days are those on which the hours began.</summary>
internal sealed record OpenHours(TimeZoneInfo Zone, TimeOnly From, TimeOnly To, bool WorkingDays, IReadOnlySet<DateOnly> Holidays)
{
    /// <summary>Reads <c>09:00-17:00</c>; null if it is none. Equal ends would be no time or all day, so they are refused.</summary>
    public static (TimeOnly From, TimeOnly To)? ParseHours(string text) =>
        text.Split('-') is [var from, var to] && Time(from) is { } start && Time(to) is { } end && start != end ? (start, end) : null;

    public bool IsOpen(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, Zone);
        var (day, time) = (DateOnly.FromDateTime(local.DateTime), TimeOnly.FromDateTime(local.DateTime));
        if (From == To)
            return IsOpen(day);
        if (From < To)
            return time >= From && time < To && IsOpen(day);
        return time >= From ? IsOpen(day) : time < To && IsOpen(day.AddDays(-1));
    }

    private bool IsOpen(DateOnly day) => !(WorkingDays && day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) && !Holidays.Contains(day);

    // 24:00 is what people write for the end of the day.
    private static TimeOnly? Time(string text) =>
        text.Trim() is var trimmed && trimmed == "24:00" ? TimeOnly.MinValue
            : TimeOnly.TryParseExact(trimmed, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
