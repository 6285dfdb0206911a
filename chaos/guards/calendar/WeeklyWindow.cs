namespace Pressure.Chaos;

/// <summary>A time of certain days of the week: from a time up to, not including, another. One that ends before it begins goes past midnight and belongs to the day it begins on.</summary>
/// <param name="Days">Days that it begins on.</param>
/// <param name="From">When it begins.</param>
/// <param name="To">When it ends; the same as <paramref name="From"/> for a whole day.</param>
public sealed record WeeklyWindow(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly To)
{
    /// <summary>Monday to Friday.</summary>
    public static IReadOnlyList<DayOfWeek> WorkingDays { get; } = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    /// <summary>All seven.</summary>
    public static IReadOnlyList<DayOfWeek> EveryDay { get; } = [.. WorkingDays, DayOfWeek.Saturday, DayOfWeek.Sunday];

    /// <summary>
    /// Whether a clock that reads so is inside. What the clock reads decides, so that an hour that is read twice counts both times
    /// and one that is skipped never.
    /// </summary>
    /// <param name="local">What the clock reads.</param>
    /// <param name="left">Days that it does not begin on after all.</param>
    public bool Contains(DateTime local, IReadOnlyCollection<DateOnly> left) => BeginningOf(local, left) is not null;

    /// <summary>The day on which the window that a clock is inside of began; null if it is in none.</summary>
    public DateOnly? BeginningOf(DateTime local, IReadOnlyCollection<DateOnly> left)
    {
        var (day, time) = (DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));
        var late = time >= From && (To <= From || time < To);
        if (late && BeginsOn(day, left))
            return day;
        return To <= From && time < To && day > DateOnly.MinValue && BeginsOn(day.AddDays(-1), left) ? day.AddDays(-1) : null;
    }

    /// <inheritdoc/>
    public bool Equals(WeeklyWindow? other) => other is not null && Days.SequenceEqual(other.Days) && From == other.From && To == other.To;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Days.Count, From, To);

    private bool BeginsOn(DateOnly day, IReadOnlyCollection<DateOnly> left) => Days.Contains(day.DayOfWeek) && !left.Contains(day);
}
