namespace Pressure.Chaos;

/// <summary>The allowed time of one working day, in pieces: hours may go past midnight, begin twice, or lose an hour to a jump of the clock.</summary>
/// <param name="Day">The day that its windows begin on.</param>
/// <param name="Pieces">Half-open, in order, none empty.</param>
internal sealed record WorkingTime(DateOnly Day, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Pieces)
{
    /// <summary>How long it is in all.</summary>
    public TimeSpan Length { get; } = new(Pieces.Sum(p => (p.To - p.From).Ticks));

    /// <summary>When the last piece ends.</summary>
    public DateTimeOffset End => Pieces[^1].To;

    /// <summary>The moment at which so much of it has passed.</summary>
    public DateTimeOffset At(TimeSpan passed)
    {
        foreach (var (from, to) in Pieces)
        {
            if (passed < to - from)
                return from + passed;
            passed -= to - from;
        }
        return End;
    }

    /// <summary>A day's allowed time; null if there is none: no working day, a holiday, a window that the clock skips.</summary>
    public static WorkingTime? Of(AllowedHours hours, DateOnly day)
    {
        var calendar = new GuardCalendar(hours, []);
        // A window that begins on the day ends on the next at the latest.
        var (begin, end) = (hours.Zone.At(day.ToDateTime(TimeOnly.MinValue)).AddHours(-3), hours.Zone.At(day.AddDays(2).ToDateTime(TimeOnly.MinValue), last: true).AddHours(3));
        List<(DateTimeOffset From, DateTimeOffset To)> pieces = [];
        for (var at = begin; at < end;)
        {
            var next = calendar.NextChange(at);
            if (hours.WorkingDayOf(at) == day)
            {
                if (pieces.Count > 0 && pieces[^1].To == at)
                    pieces[^1] = (pieces[^1].From, next);
                else
                    pieces.Add((at, next));
            }
            at = next;
        }
        return pieces.Count == 0 ? null : new(day, pieces);
    }
}
