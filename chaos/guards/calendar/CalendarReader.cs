using System.Globalization;

namespace Pressure.Chaos;

/// <summary>Reads hours, windows, holidays and freezes.</summary>
internal static class CalendarReader
{
    private const string WindowRemedy = "Write days: [ mon, tue ], from: '09:00', to: '17:00'; one that ends before it begins goes past midnight.";
    private static readonly string[] TimeForms = ["HH:mm", "H:mm", "HH:mm:ss"];
    private static readonly string[] MomentForms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd"];

    /// <summary>Reads <c>{ zone, windows, holidays }</c>; null after reporting what is wrong.</summary>
    public static AllowedHours? ReadHours(ExperimentFields fields)
    {
        fields.CheckKnown("zone", "windows", "holidays");
        var zone = ReadZone(fields);
        var windows = fields.Maps("windows", WindowRemedy).Select(ReadWindow).OfType<WeeklyWindow>().ToList();
        if (fields["windows"] is null || fields.Items("windows", WindowRemedy).Count == 0)
            fields.Report("windows", "is missing, so nothing would ever be allowed", WindowRemedy);
        HashSet<DateOnly> holidays = [];
        foreach (var text in fields.Texts("holidays") ?? [])
        {
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                holidays.Add(day);
            else
                fields.Report("holidays", $"'{ExperimentProblems.Shown(text)}' is no day", "Write days as 2026-10-01.");
        }
        return zone is null ? null : new(zone, windows, holidays);
    }

    /// <summary>Reads <c>{ name, zone, from, to }</c>, once, or with <c>days</c>, weekly; null after reporting what is wrong.</summary>
    public static Freeze? ReadFreeze(ExperimentFields fields)
    {
        fields.CheckKnown("name", "zone", "days", "from", "to");
        var name = fields.Text("name", "Say what it is: name: Double Eleven.");
        var zone = ReadZone(fields);
        if (fields["days"] is not null)
            return ReadWindow(fields, checkKeys: false) is { } window && name is not null && zone is not null ? new Freeze.Weekly(name, zone, window) : null;
        var (from, to) = (ReadMoment(fields, "from"), ReadMoment(fields, "to"));
        if (from is null || to is null || name is null || zone is null)
            return null;
        if (to > from)
            return new Freeze.Once(name, zone, from.Value, to.Value);
        fields.Report("to", "is not after its beginning", "Let it end later than it begins.");
        return null;
    }

    private static TimeZoneInfo? ReadZone(ExperimentFields fields)
    {
        if (fields.Text("zone", Zones.Remedy) is not { } name)
            return null;
        var zone = Zones.Find(name);
        if (zone is null)
            fields.Report("zone", $"'{ExperimentProblems.Shown(name)}' is no time zone of this system", Zones.Remedy);
        return zone;
    }

    private static WeeklyWindow? ReadWindow(ExperimentFields fields) => ReadWindow(fields, checkKeys: true);

    private static WeeklyWindow? ReadWindow(ExperimentFields fields, bool checkKeys)
    {
        if (checkKeys)
            fields.CheckKnown("days", "from", "to");
        List<DayOfWeek> days = [];
        foreach (var text in fields.Texts("days") ?? [])
        {
            if (WeeklyWindow.EveryDay.Where(d => text.Length >= 3 && d.ToString().StartsWith(text, StringComparison.OrdinalIgnoreCase)).Cast<DayOfWeek?>().FirstOrDefault() is not { } day)
                fields.Report("days", $"'{ExperimentProblems.Shown(text)}' is no day of the week", "Write mon, tue, wed, thu, fri, sat or sun.");
            else if (!days.Contains(day))
                days.Add(day);
        }
        if (fields["days"] is null)
            days.AddRange(WeeklyWindow.WorkingDays);
        else if (fields["days"] is ExperimentNode.List { Items.Count: 0 })
            fields.Report("days", "is empty", WindowRemedy);
        var (from, to) = (ReadTime(fields, "from"), ReadTime(fields, "to"));
        return from is null || to is null || days.Count == 0 ? null : new(days, from.Value, to.Value);
    }

    private static TimeOnly? ReadTime(ExperimentFields fields, string key)
    {
        if (fields.Text(key, WindowRemedy) is not { } text)
            return null;
        if (text == "24:00")
            return TimeOnly.MinValue;
        if (TimeOnly.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return time;
        fields.Report(key, $"'{ExperimentProblems.Shown(text)}' is no time of day", "Write it in quotes as '09:00'.");
        return null;
    }

    private static DateTime? ReadMoment(ExperimentFields fields, string key)
    {
        if (fields.Text(key, "Write a moment by the zone's clocks: '2026-11-10T00:00'.") is not { } text)
            return null;
        if (DateTime.TryParseExact(text, MomentForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment))
            return moment;
        fields.Report(key, $"'{ExperimentProblems.Shown(text)}' is no moment", "Write it by the zone's clocks: '2026-11-10T00:00'; or let days: [ mon ] say that it comes every week.");
        return null;
    }
}
