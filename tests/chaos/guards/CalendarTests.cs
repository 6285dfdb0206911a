using System.Globalization;

namespace Pressure.Chaos.Tests.Guards;

public sealed class CalendarTests
{
    private static readonly TimeZoneInfo Berlin = Zones.Find("Europe/Berlin")!;

    // 2026 in Berlin: Sunday 29 March 02:00 jumps to 03:00, Sunday 25 October 03:00 goes back to 02:00.
    [Theory]
    [InlineData("2026-03-27T09:00+01:00", true)]
    [InlineData("2026-03-27T08:59:59.9999999+01:00", false)]
    [InlineData("2026-03-27T17:00+01:00", false)]
    [InlineData("2026-03-28T12:00+01:00", false)]
    [InlineData("2026-03-30T07:00Z", true)]
    [InlineData("2026-03-30T06:59Z", false)]
    [InlineData("2026-05-01T10:00+02:00", false)]
    public void Hours_are_those_of_their_zone_on_working_days_without_holidays(string moment, bool expected) =>
        Assert.Equal(expected, Hours(WeeklyWindow.WorkingDays, "09:00", "17:00", new DateOnly(2026, 5, 1)).Contain(At(moment)));

    [Theory]
    [InlineData("2026-06-05T22:00+02:00", true)]
    [InlineData("2026-06-06T05:59+02:00", true)]
    [InlineData("2026-06-06T06:00+02:00", false)]
    [InlineData("2026-06-06T22:00+02:00", false)]
    [InlineData("2026-06-08T05:00+02:00", false)]
    [InlineData("2026-06-02T05:00+02:00", true)]
    [InlineData("2026-06-03T23:00+02:00", false)]
    [InlineData("2026-06-03T05:00+02:00", false)]
    [InlineData("2026-06-04T05:00+02:00", false)]
    public void A_window_across_midnight_belongs_to_the_day_it_begins_on_and_holidays_take_both_its_ends(string moment, bool expected) =>
        Assert.Equal(expected, Hours(WeeklyWindow.WorkingDays, "22:00", "06:00", new DateOnly(2026, 6, 3)).Contain(At(moment)));

    [Fact]
    public void An_hour_that_is_read_twice_is_inside_twice_and_one_that_is_skipped_never()
    {
        var hours = Hours(WeeklyWindow.EveryDay, "02:15", "02:45");
        Assert.True(hours.Contain(At("2026-10-25T00:20Z")));
        Assert.True(hours.Contain(At("2026-10-25T01:20Z")));
        for (var minute = 0; minute < 24 * 60; minute++)
            Assert.False(hours.Contain(At("2026-03-28T23:00Z").AddMinutes(minute)));
    }

    [Fact]
    public void A_freeze_begins_at_the_first_and_ends_at_the_last_of_two_same_readings_and_a_skipped_reading_is_the_jump()
    {
        var twice = new Freeze.Once("f", Berlin, new(2026, 10, 25, 2, 30, 0), new(2026, 10, 25, 2, 45, 0));
        Assert.Equal((At("2026-10-25T00:30Z"), At("2026-10-25T01:45Z")), (twice.Begin, twice.End));
        var skipped = new Freeze.Once("f", Berlin, new(2026, 3, 29, 2, 30, 0), new(2026, 3, 29, 4, 0, 0));
        Assert.Equal((At("2026-03-29T01:00Z"), At("2026-03-29T02:00Z")), (skipped.Begin, skipped.End));
    }

    [Fact]
    public void When_it_is_next_allowed_is_said_across_freezes_weekends_and_holidays()
    {
        var calendar = new GuardCalendar(
            Hours(WeeklyWindow.WorkingDays, "09:00", "17:00", new DateOnly(2026, 6, 8)),
            [new Freeze.Once("release", Berlin, new(2026, 6, 9, 0, 0, 0), new(2026, 6, 9, 12, 30, 0))]);
        Assert.Equal(At("2026-06-09T12:30+02:00"), calendar.NextAllowed(At("2026-06-05T17:00+02:00")));
        Assert.Equal(At("2026-06-05T16:59+02:00"), calendar.NextAllowed(At("2026-06-05T16:59+02:00")));
        Assert.Null(new GuardCalendar(null, [new Freeze.Weekly("always", Berlin, new(WeeklyWindow.EveryDay, default, default))]).NextAllowed(At("2026-06-05T17:00Z")));
    }

    [Fact]
    public void Random_calendars_say_at_every_minute_what_a_slow_reading_of_the_clock_says_and_never_miss_an_opening()
    {
        var random = new Random(11);
        string[] zones = ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Apia", "UTC"];
        // Around jumps: spring and autumn, north and south, and the day that Apia left out.
        string[] days = ["2026-03-06", "2026-03-27", "2026-10-23", "2026-10-30", "2026-04-03", "2026-10-02", "2018-11-02", "2011-12-28"];
        for (var round = 0; round < 120; round++)
        {
            var zone = Zones.Find(zones[random.Next(zones.Length)])!;
            var start = At(days[random.Next(days.Length)] + "T00:00Z").AddMinutes(random.Next(1440));
            var windows = Enumerable.Range(0, random.Next(1, 3)).Select(_ => Window(random)).ToArray();
            var holiday = DateOnly.FromDateTime(start.DateTime).AddDays(random.Next(4));
            Freeze[] freezes = [new Freeze.Weekly("w", zone, Window(random)), new Freeze.Once("o", zone, Minute(start, random), Minute(start, random).AddDays(1))];
            var calendar = new GuardCalendar(new AllowedHours(zone, windows, [holiday]), freezes);
            DateTimeOffset? next = null;
            for (var minute = 4 * 1440; minute >= 0; minute--)
            {
                var moment = start.AddMinutes(minute);
                var allowed = SlowlyAllowed(zone, windows, holiday, freezes, moment);
                Assert.Equal(allowed, calendar.Allows(moment));
                if (allowed)
                    next = moment;
                if (minute % 97 == 0 && next is { } expected)
                    Assert.Equal(expected, calendar.NextAllowed(moment));
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Europe/Atlantis")]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/localtime")]
    [InlineData("Europe")]
    public void What_is_no_zone_is_none(string? name) => Assert.Null(Zones.Find(name));

    /// <summary>Reads the clock's day, hour and minute and walks back minute by minute of the reading to where a window began.</summary>
    private static bool SlowlyAllowed(TimeZoneInfo zone, WeeklyWindow[] windows, DateOnly holiday, Freeze[] freezes, DateTimeOffset moment)
    {
        var local = TimeZoneInfo.ConvertTime(moment, zone).DateTime;
        if (DateOnly.FromDateTime(local) == holiday || !windows.Any(w => SlowlyIn(w, local, holiday)))
            return false;
        var once = (Freeze.Once)freezes[1];
        return !SlowlyIn(((Freeze.Weekly)freezes[0]).Window, local, null) && !(moment >= once.Begin && moment < once.End);
    }

    private static bool SlowlyIn(WeeklyWindow window, DateTime local, DateOnly? left)
    {
        foreach (var day in window.Days)
        {
            for (var back = 0; back <= 1; back++)
            {
                var begin = local.Date.AddDays(-back);
                var from = begin + window.From.ToTimeSpan();
                var to = begin + window.To.ToTimeSpan() + (window.To <= window.From ? TimeSpan.FromDays(1) : TimeSpan.Zero);
                if (begin.DayOfWeek == day && DateOnly.FromDateTime(begin) != left && local >= from && local < to)
                    return true;
            }
        }
        return false;
    }

    private static WeeklyWindow Window(Random random) => new(
        [.. WeeklyWindow.EveryDay.Where(_ => random.Next(3) > 0).DefaultIfEmpty(DayOfWeek.Sunday)],
        new TimeOnly(random.Next(24), random.Next(4) * 15),
        new TimeOnly(random.Next(24), random.Next(4) * 15));

    private static DateTime Minute(DateTimeOffset start, Random random) => start.DateTime.AddMinutes(random.Next(3 * 1440));

    private static AllowedHours Hours(IReadOnlyList<DayOfWeek> days, string from, string to, params DateOnly[] holidays) =>
        new(Berlin, [new(days, TimeOnly.Parse(from, CultureInfo.InvariantCulture), TimeOnly.Parse(to, CultureInfo.InvariantCulture))], holidays);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
