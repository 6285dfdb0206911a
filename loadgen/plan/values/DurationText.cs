using System.Buffers;

namespace Pressure.LoadGen;

/// <summary>Durations: <c>200ms</c>, <c>1.5s</c>, <c>2m</c>, <c>1h30m</c>, <c>1d</c>.</summary>
internal static class DurationText
{
    public const string Remedy = "Write a duration with its unit (ms, s, m, h, d), such as 200ms, 1.5s, 2m or 1h30m.";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Name, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("min", TimeSpan.TicksPerMinute),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
    ];

    public static Complaint? Parse(string text, out TimeSpan value)
    {
        value = default;
        var rest = text.AsSpan().Trim();
        if (NumberText.TryParse(rest, out _))
            return new($"'{Shown.Of(text)}' has no unit", $"Write {rest}s for seconds, or {rest}ms for milliseconds.");
        var (total, last) = (0m, long.MaxValue);
        do
        {
            if (!TakePart(ref rest, out var ticks, out var unit) || unit >= last)
                return new($"'{Shown.Of(text)}' is not a duration", Remedy);
            (total, last) = (total + ticks, unit);
            if (total > PlanLimits.LongestDuration.Ticks)
                return new($"'{Shown.Of(text)}' is longer than {PlanLimits.LongestDuration.TotalDays} days", "Write a shorter time.");
        }
        while (!rest.IsEmpty);
        value = TimeSpan.FromTicks((long)Math.Round(total));
        return null;
    }

    /// <summary>The unit's length in ticks, for a unit standing alone: <c>s</c>, <c>min</c>.</summary>
    public static bool TryUnit(ReadOnlySpan<char> text, out TimeSpan unit)
    {
        unit = default;
        foreach (var (name, ticks) in Units)
        {
            if (text.SequenceEqual(name))
                unit = TimeSpan.FromTicks(ticks);
        }
        return unit > TimeSpan.Zero;
    }

    private static bool TakePart(ref ReadOnlySpan<char> rest, out decimal ticks, out long unit)
    {
        (ticks, unit) = (0, 0);
        var digits = rest.IndexOfAnyExcept(Digits);
        if (digits <= 0 || !NumberText.TryParse(rest[..digits], out var number))
            return false;
        rest = rest[digits..].TrimStart();
        foreach (var (name, length) in Units)
        {
            if (!rest.StartsWith(name))
                continue;
            rest = rest[name.Length..].TrimStart();
            unit = length;
            // Clamped, so that absurd numbers are found too long instead of overflowing.
            ticks = Math.Min(number, (decimal)TimeSpan.TicksPerDay) * length;
            return true;
        }
        return false;
    }
}
