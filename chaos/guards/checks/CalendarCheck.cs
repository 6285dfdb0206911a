namespace Pressure.Chaos;

/// <summary>Hours and freezes.</summary>
internal static class CalendarCheck
{
    public static IEnumerable<GuardRefusal> Ask(GuardRules rules, BookMoment now)
    {
        var calendar = rules.Calendar;
        var from = new Lazy<string>(() => calendar.NextAllowed(now.Wall) is { } next
            ? $"Striking is allowed from {GuardText.Moment(next, rules.Hours?.Zone ?? rules.Freezes[0].Zone)} on."
            : "It is not allowed within the next two years: change the rules.");
        foreach (var freeze in calendar.FrozenAt(now.Wall))
            yield return new("freeze", $"Nothing is struck during '{freeze.Name}'.", from.Value);
        if (calendar.IsOutOfHours(now.Wall))
            yield return new("hours", $"It is {GuardText.Moment(now.Wall, rules.Hours!.Zone)}, which is outside of the allowed hours.", from.Value);
    }
}
