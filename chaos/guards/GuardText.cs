using System.Globalization;

namespace Pressure.Chaos;

/// <summary>How guards write spans and moments for people.</summary>
internal static class GuardText
{
    /// <summary>A span as it is also read: <c>90s</c>, <c>5m</c>, <c>24h</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        _ when span.Ticks % TimeSpan.TicksPerHour == 0 && span != TimeSpan.Zero => $"{span.Ticks / TimeSpan.TicksPerHour}h",
        _ when span.Ticks % TimeSpan.TicksPerMinute == 0 && span != TimeSpan.Zero => $"{span.Ticks / TimeSpan.TicksPerMinute}m",
        _ when span.Ticks % TimeSpan.TicksPerSecond == 0 => $"{span.Ticks / TimeSpan.TicksPerSecond}s",
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0.####}ms"),
    };

    /// <summary>A moment, rounded up to the second: what is told is not too early.</summary>
    public static string Moment(DateTimeOffset moment, TimeZoneInfo? zone = null)
    {
        var up = moment.Ticks % TimeSpan.TicksPerSecond == 0 ? moment : moment.AddTicks(TimeSpan.TicksPerSecond - (moment.Ticks % TimeSpan.TicksPerSecond));
        return zone is null
            ? string.Create(CultureInfo.InvariantCulture, $"{up.ToUniversalTime():yyyy-MM-dd HH:mm:ss} UTC")
            : string.Create(CultureInfo.InvariantCulture, $"{TimeZoneInfo.ConvertTime(up, zone):yyyy-MM-dd HH:mm:ss zzz} ({zone.Id})");
    }
}
