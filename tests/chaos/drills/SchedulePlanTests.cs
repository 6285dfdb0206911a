namespace Pressure.Chaos.Tests;

public sealed class SchedulePlanTests
{
    private static readonly DrillSchedule Some = new() { Name = "nightly", Experiment = "kill-one", Cron = "30 9 * * *" };

    [Fact]
    public void Beginnings_are_told_in_the_schedules_time_zone() =>
        Assert.Equal(["2026-01-05T01:30", "2026-01-06T01:30"], Next(Some with { TimeZone = "Asia/Shanghai" }, "2026-01-04T12:00Z", 2));

    [Fact]
    public void An_hour_that_the_clocks_leave_out_is_no_beginning_lost_and_none_twice()
    {
        // Berlin 2026: 29 March 02:00 -> 03:00, 25 October 03:00 -> 02:00.
        var schedule = Some with { Cron = "30 2 * * *", TimeZone = "Europe/Berlin" };
        Assert.Equal(3, Next(schedule, "2026-03-27T12:00Z", 3).Select(t => t[..10]).Distinct().Count());
        Assert.Equal(3, Next(schedule, "2026-10-23T12:00Z", 3).Select(t => t[..10]).Distinct().Count());
    }

    [Fact]
    public void Working_days_leave_out_weekends_and_holidays()
    {
        var schedule = Some with { WorkingDays = true, Holidays = [new DateOnly(2026, 1, 6)] };
        // 2026-01-02 is a Friday.
        Assert.Equal(["2026-01-02T09:30", "2026-01-05T09:30", "2026-01-07T09:30"], Next(schedule, "2026-01-02T00:00Z", 3));
    }

    [Fact]
    public void Hours_are_half_open() =>
        Assert.Equal(["2026-01-01T09:00", "2026-01-01T09:30", "2026-01-02T09:00"], Next(Some with { Cron = "*/30 * * * *", Hours = "09:00-10:00" }, "2026-01-01T00:00Z", 3));

    [Fact]
    public void Hours_over_midnight_belong_to_the_day_on_which_they_began()
    {
        var schedule = Some with { Cron = "0 * * * *", Hours = "22:00-02:00", WorkingDays = true };
        // From Friday night into Saturday, and not from Sunday night into Monday.
        Assert.Equal(["2026-01-02T22:00", "2026-01-02T23:00", "2026-01-03T00:00", "2026-01-03T01:00", "2026-01-05T22:00"], Next(schedule, "2026-01-02T12:00Z", 5));
    }

    [Fact]
    public void Every_so_many_minutes_does_not_depend_on_when_it_is_asked()
    {
        var schedule = Some with { Cron = null, EveryMinutes = 45 };
        var first = Next(schedule, "2026-01-01T00:10Z", 4);
        Assert.Equal(first[1..], Next(schedule, first[0] + "Z", 3));
    }

    [Fact]
    public void A_month_shows_exactly_the_beginnings_in_it()
    {
        var plan = Checked(Some with { Cron = "0 0 1 * *" });
        Assert.Equal([At("2026-02-01T00:00Z")], plan.Between(At("2026-02-01T00:00Z"), At("2026-03-01T00:00Z")));
    }

    public static TheoryData<DrillSchedule, string> Wrong => new()
    {
        { Some with { Name = "../x" }, "name" },
        { Some with { Experiment = "" }, "experiment" },
        { Some with { Cron = null }, "cron" },
        { Some with { EveryMinutes = 5 }, "cron" },
        { Some with { Cron = "x" }, "cron" },
        { Some with { Cron = "0 0 30 2 *" }, "cron" },
        { Some with { Hours = "10:00-11:00" }, "cron" },
        { Some with { Cron = null, EveryMinutes = 0 }, "everyMinutes" },
        { Some with { TimeZone = "Mars/Olympus" }, "timeZone" },
        { Some with { Hours = "9-5" }, "hours" },
        { Some with { Hours = "09:00-09:00" }, "hours" },
        { Some with { DisableAfter = -1 }, "disableAfter" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_told_by_field(DrillSchedule schedule, string field)
    {
        var (plan, problems) = SchedulePlan.Check(schedule);
        Assert.Null(plan);
        Assert.Equal(field, Assert.Single(problems).Field);
        Assert.All(problems, p => Assert.EndsWith(".", p.Remedy, StringComparison.Ordinal));
    }

    private static SchedulePlan Checked(DrillSchedule schedule) => SchedulePlan.Check(schedule).Plan ?? throw new InvalidOperationException(string.Join("; ", SchedulePlan.Check(schedule).Problems));

    private static string[] Next(DrillSchedule schedule, string after, int count) =>
        [.. Checked(schedule).Next(At(after), count).Select(t => t.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", null))];

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, null);
}
