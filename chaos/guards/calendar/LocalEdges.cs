namespace Pressure.Chaos;

/// <summary>When a zone's clocks next read one of certain times.</summary>
internal static class LocalEdges
{
    /// <summary>
    /// The first moment after the given one at which they read midnight or one of the times, or jump. Up to a jump clocks go straight on, so
    /// that it is a subtraction; at a jump anything may have changed, whatever it skipped or goes back to.
    /// </summary>
    public static DateTimeOffset After(DateTimeOffset moment, TimeZoneInfo zone, IEnumerable<TimeOnly> times)
    {
        var offset = zone.GetUtcOffset(moment);
        var now = moment.ToOffset(TimeSpan.Zero).DateTime.Add(offset).TimeOfDay;
        var wait = times.Append(TimeOnly.MinValue).Min(t => t.ToTimeSpan() > now ? t.ToTimeSpan() - now : t.ToTimeSpan() + TimeSpan.FromDays(1) - now);
        var next = moment.Add(wait).ToUniversalTime();
        return zone.GetUtcOffset(next) == offset ? next : Zones.ChangeOfOffset(zone, moment, next);
    }
}
