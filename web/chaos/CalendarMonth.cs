using System.Globalization;
using Pressure.Chaos;

namespace Pressure.Web.Chaos;

/// <summary>A month of the calendar: weeks from Monday to Sunday, with what began and what is going to. Pure.</summary>
/// <param name="First">The month's first day.</param>
/// <param name="Weeks">Its weeks, with days of the months before and after.</param>
internal sealed record CalendarMonth(DateOnly First, IReadOnlyList<IReadOnlyList<CalendarDay>> Weeks)
{
    /// <summary>The month that <c>2026-11</c> names; this month for anything else.</summary>
    public static DateOnly Named(string? text, DateTimeOffset now, TimeZoneInfo zone)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var named = DateOnly.TryParseExact($"{text}-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 2000 and <= 2199 ? day : today;
        return new(named.Year, named.Month, 1);
    }

    /// <param name="first">The month's first day.</param>
    /// <param name="now">The moment from which on there are plans.</param>
    /// <param name="zone">Whose days they are.</param>
    /// <param name="schedules">Schedules that are on.</param>
    /// <param name="past">Drills that were.</param>
    /// <param name="isFrozen">Whether a span is closed for strikes in whole or in part.</param>
    public static CalendarMonth Of(DateOnly first, DateTimeOffset now, TimeZoneInfo zone, IReadOnlyList<SchedulePlan> schedules, IReadOnlyList<PastDrill> past, Func<DateTimeOffset, DateTimeOffset, string?> isFrozen)
    {
        var monday = first.AddDays(-(((int)first.DayOfWeek + 6) % 7));
        var days = ((first.AddMonths(1).DayNumber - monday.DayNumber + 6) / 7) * 7;
        List<IReadOnlyList<CalendarDay>> weeks = [];
        for (var week = 0; week < days; week += 7)
            weeks.Add([.. Enumerable.Range(week, 7).Select(d => DayOf(monday.AddDays(d)))]);
        return new(first, weeks);

        CalendarDay DayOf(DateOnly day)
        {
            var (from, to) = (Midnight(day, zone), Midnight(day.AddDays(1), zone));
            var planned = schedules.SelectMany(s => to <= now ? [] : s.Between(from < now ? now : from, to).Select(at => new CalendarEntry(TimeOf(at), s.Schedule.Name, s.Schedule.ProbesOnly, null)));
            var began = past.Where(p => p.Manifest.StartedAt >= from && p.Manifest.StartedAt < to).Select(p => new CalendarEntry(TimeOf(p.Manifest.StartedAt), p.File.Title, false, p));
            return new(day, day.Month == first.Month && day.Year == first.Year, from <= now && now < to, isFrozen(from, to), [.. began.Concat(planned).OrderBy(e => e.At)]);
        }

        TimeOnly TimeOf(DateTimeOffset at) => TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
    }

    // A midnight that the clocks leave out begins with the first moment there is.
    private static DateTimeOffset Midnight(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(15);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }
}

/// <summary>A day of the calendar.</summary>
/// <param name="Day">Which.</param>
/// <param name="IsOfMonth">Whether it is one of the month that is shown.</param>
/// <param name="IsToday">Whether it is today.</param>
/// <param name="Frozen">Why nothing may be struck; null if it may.</param>
/// <param name="Entries">What began and what is going to, in order.</param>
internal sealed record CalendarDay(DateOnly Day, bool IsOfMonth, bool IsToday, string? Frozen, IReadOnlyList<CalendarEntry> Entries);

/// <summary>Something on a day.</summary>
/// <param name="At">When.</param>
/// <param name="Name">The schedule's name, or the title of a drill that was.</param>
/// <param name="ProbesOnly">Whether probes are asked and nothing is struck.</param>
/// <param name="Past">The drill that was; null for one that is going to be.</param>
internal sealed record CalendarEntry(TimeOnly At, string Name, bool ProbesOnly, PastDrill? Past);
