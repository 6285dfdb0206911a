using System.Globalization;
using Quartz;

namespace Pressure.Chaos;

/// <summary>A checked schedule: says when its drills begin. Pure.</summary>
public sealed class SchedulePlan
{
    /// <summary>Beginnings that are looked at for the next one: enough for an expression of every minute that meets open hours once in two months.</summary>
    private const int Patience = 100_000;

    /// <summary>Longest text of a plan: schedules are small files, written anew with each note.</summary>
    public const int MostPlan = 64 * 1024;

    private static readonly DateTime Anchor = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    private readonly CronExpression? _cron;
    private readonly DateTimeOffset _anchor;

    private SchedulePlan(DrillSchedule schedule, TimeZoneInfo zone, (TimeOnly From, TimeOnly To) hours)
    {
        Schedule = schedule;
        Open = new AllowedHours(zone, [new(schedule.WorkingDays ? WeeklyWindow.WorkingDays : WeeklyWindow.EveryDay, hours.From, hours.To)], schedule.Holidays.ToHashSet());
        _cron = schedule.Cron is { } cron ? CronText.Parse(cron, zone) : null;
        _anchor = new DateTimeOffset(Anchor, zone.GetUtcOffset(Anchor));
    }

    /// <summary>What was asked.</summary>
    public DrillSchedule Schedule { get; }

    internal AllowedHours Open { get; }

    internal CronExpression? Cron => _cron;

    /// <summary>Checks a schedule; the plan, or everything that is wrong with it.</summary>
    public static (SchedulePlan? Plan, IReadOnlyList<ScheduleProblem> Problems) Check(DrillSchedule schedule)
    {
        var problems = ProblemsOf(schedule).ToList();
        if (problems.Count > 0)
            return (null, problems);
        var plan = new SchedulePlan(schedule, Zones.Find(schedule.TimeZone)!, HoursOf(schedule)!.Value);
        // Some day of the next four years, leap days included, from any moment: or it never comes.
        return plan.Next(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), 1).Count == 0
            ? (null, [new("cron", "it never begins: no moment fits the expression and the calendar both", "Widen the hours, or let the expression name a time inside them.")])
            : (plan, []);
    }

    /// <summary>The next beginnings after a moment.</summary>
    public IReadOnlyList<DateTimeOffset> Next(DateTimeOffset after, int count)
    {
        List<DateTimeOffset> times = [];
        var at = after;
        for (var tries = 0; times.Count < count && tries < Patience; tries++)
        {
            if (Following(at) is not { } next)
                break;
            if (Open.Contain(next))
                times.Add(next);
            at = next;
        }
        return times;
    }

    /// <summary>All beginnings in a span, 1,000 at the most.</summary>
    public IReadOnlyList<DateTimeOffset> Between(DateTimeOffset from, DateTimeOffset to)
    {
        List<DateTimeOffset> times = [];
        for (var at = Following(from.AddTicks(-1)); at < to && times.Count < 1_000; at = Following(at.Value))
        {
            if (Open.Contain(at.Value))
                times.Add(at.Value);
        }
        return times;
    }

    private DateTimeOffset? Following(DateTimeOffset at)
    {
        if (_cron is not null)
            return _cron.GetNextValidTimeAfter(at);
        var every = TimeSpan.FromMinutes(Schedule.EveryMinutes!.Value);
        return _anchor + every * (Math.Floor((at - _anchor) / every) + 1);
    }

    private static IEnumerable<ScheduleProblem> ProblemsOf(DrillSchedule schedule)
    {
        if (!PlainName.Is(schedule.Name))
            yield return new("name", $"'{schedule.Name}' is no name", $"{PlainName.Rule}.");
        if (schedule.Plan is null && !PlainName.Is(schedule.Experiment))
            yield return new("experiment", $"'{schedule.Experiment}' is no experiment", "Choose one of those that are kept.");
        if (schedule.Plan is not null && (schedule.Experiment.Length > 0 || schedule.ProbesOnly))
            yield return new("plan", "it says twice what is to be done", "Name an experiment, or give a plan; a plan may name experiments that go along with its load.");
        if (schedule.Plan?.Length > MostPlan)
            yield return new("plan", $"the plan has {schedule.Plan.Length} characters", $"At most {MostPlan}; leave out what it does not need.");
        if ((schedule.Cron is null) == (schedule.EveryMinutes is null))
            yield return new("cron", schedule.Cron is null ? "it does not say when" : "it says twice when", "Write either a cron expression or every how many minutes.");
        foreach (var (message, remedy) in schedule.Cron is { } cron ? CronText.Problems(cron) : [])
            yield return new("cron", message, remedy);
        if (schedule.EveryMinutes is < 1 or > 7 * 24 * 60)
            yield return new("everyMinutes", $"every {schedule.EveryMinutes} minutes is no interval", "Write 1 to 10080 minutes (a week), or a cron expression.");
        if (Zones.Find(schedule.TimeZone) is null)
            yield return new("timeZone", $"'{schedule.TimeZone}' is no time zone that this machine knows", "Write one as Europe/Berlin, Asia/Shanghai or UTC.");
        if (HoursOf(schedule) is null)
            yield return new("hours", $"'{schedule.Hours}' are no hours", "Write them as 09:00-17:00, or 22:00-02:00 over midnight; leave them away for any.");
        if (schedule.DisableAfter is < 0 or > 100)
            yield return new("disableAfter", $"{schedule.DisableAfter} is no number of failures", "Write 1 to 100, or 0 to go on whatever happens.");
        if (schedule.Holidays.Count > 366)
            yield return new("holidays", $"{schedule.Holidays.Count} holidays are too many", "At most 366; take out those that are over.");
    }

    private static (TimeOnly From, TimeOnly To)? HoursOf(DrillSchedule schedule) =>
        string.IsNullOrWhiteSpace(schedule.Hours) ? (TimeOnly.MinValue, TimeOnly.MinValue) : ParseHours(schedule.Hours);

    /// <summary>Reads <c>09:00-17:00</c>; null if it is none. Equal ends would be no time or all day, so they are refused.</summary>
    private static (TimeOnly From, TimeOnly To)? ParseHours(string text) =>
        text.Split('-') is [var from, var to] && Time(from) is { } start && Time(to) is { } end && start != end ? (start, end) : null;

    // 24:00 is what people write for the end of the day.
    private static TimeOnly? Time(string text) =>
        text.Trim() is var trimmed && trimmed == "24:00" ? TimeOnly.MinValue
            : TimeOnly.TryParseExact(trimmed, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
