namespace Pressure.Chaos;

/// <summary>When striking is allowed at all: windows of the week in a time zone, without holidays.</summary>
/// <param name="Zone">Whose clocks.</param>
/// <param name="Windows">The windows; any of them will do.</param>
/// <param name="Holidays">Days on which nothing is struck, nor in a window that began on one.</param>
public sealed record AllowedHours(TimeZoneInfo Zone, IReadOnlyList<WeeklyWindow> Windows, IReadOnlyCollection<DateOnly> Holidays)
{
    /// <summary>Whether a moment is inside.</summary>
    public bool Contain(DateTimeOffset moment) => WorkingDayOf(moment) is not null;

    /// <summary>The day on which the window that a moment is inside of began; null outside.</summary>
    public DateOnly? WorkingDayOf(DateTimeOffset moment)
    {
        var local = TimeZoneInfo.ConvertTime(moment, Zone).DateTime;
        if (Holidays.Contains(DateOnly.FromDateTime(local)))
            return null;
        foreach (var window in Windows)
        {
            if (window.BeginningOf(local, Holidays) is { } day)
                return day;
        }
        return null;
    }

    /// <summary>Times of the day at which being inside may change.</summary>
    internal IEnumerable<TimeOnly> Edges => Windows.SelectMany(w => new[] { w.From, w.To });

    /// <inheritdoc/>
    public bool Equals(AllowedHours? other) => other is not null && Zone.Equals(other.Zone) && Windows.SequenceEqual(other.Windows) && Holidays.Order().SequenceEqual(other.Holidays.Order());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Zone.Id, Windows.Count, Holidays.Count);
}
