using System.Globalization;

namespace Shop;

/// <summary>Durations as people write them: <c>500us</c>, <c>5ms</c>, <c>1.5s</c>, <c>2m</c>.</summary>
internal static class DurationText
{
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("us", TimeSpan.TicksPerMicrosecond),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
    ];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var unit = Units.FirstOrDefault(u => text.EndsWith(u.Unit, StringComparison.Ordinal));
        if (unit.Unit is null ||
            !decimal.TryParse(text.AsSpan(0, text.Length - unit.Unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ||
            number > long.MaxValue / unit.Ticks)
            return false;
        duration = TimeSpan.FromTicks((long)(number * unit.Ticks));
        return true;
    }

    public static string Write(TimeSpan duration)
    {
        var unit = Units.Last(u => duration.Ticks % u.Ticks == 0 || u.Unit == "us");
        unit = duration == TimeSpan.Zero ? Units[1] : unit;
        return ((decimal)duration.Ticks / unit.Ticks).ToString(CultureInfo.InvariantCulture) + unit.Unit;
    }
}
