namespace Pressure.Chaos;

/// <summary>Hours and freezes together: whether striking is allowed at a moment, and when it next is.</summary>
/// <param name="hours">When it is allowed at all; null for always.</param>
/// <param name="freezes">When it is not.</param>
public sealed class GuardCalendar(AllowedHours? hours, IReadOnlyList<Freeze> freezes)
{
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(800);

    /// <summary>The freezes that a moment is inside of.</summary>
    public IEnumerable<Freeze> FrozenAt(DateTimeOffset moment) => freezes.Where(f => f.Contains(moment));

    /// <summary>Whether a moment is outside of the allowed hours.</summary>
    public bool IsOutOfHours(DateTimeOffset moment) => hours is not null && !hours.Contain(moment);

    /// <summary>Whether striking is allowed.</summary>
    public bool Allows(DateTimeOffset moment) => !IsOutOfHours(moment) && !freezes.Any(f => f.Contains(moment));

    /// <summary>The first moment, <paramref name="from"/> or later, at which it is; null if there is none within about two years.</summary>
    public DateTimeOffset? NextAllowed(DateTimeOffset from)
    {
        var moment = from;
        while (moment - from <= Horizon)
        {
            if (Allows(moment))
                return moment;
            moment = NextChange(moment);
        }
        return null;
    }

    /// <summary>The first moment after the given one at which the answer may be another.</summary>
    public DateTimeOffset NextChange(DateTimeOffset after)
    {
        var next = after.AddDays(1);
        if (hours is not null)
            next = Earlier(next, LocalEdges.After(after, hours.Zone, hours.Edges));
        foreach (var freeze in freezes)
        {
            next = freeze switch
            {
                Freeze.Once once => Earlier(Earlier(next, once.Begin > after ? once.Begin : next), once.End > after ? once.End : next),
                Freeze.Weekly weekly => Earlier(next, LocalEdges.After(after, weekly.Zone, [weekly.Window.From, weekly.Window.To])),
                _ => throw new System.Diagnostics.UnreachableException($"A freeze was added and does not say when it changes: {freeze.GetType().Name}"),
            };
        }
        return next;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one <= other ? one : other;
}
