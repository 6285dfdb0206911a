using System.Globalization;

namespace Pressure.Chaos;

/// <summary>How guards write moments for people.</summary>
internal static class GuardText
{
    /// <summary>A moment, rounded up to the second: what is told is not too early.</summary>
    public static string Moment(DateTimeOffset moment, TimeZoneInfo? zone = null)
    {
        var up = moment.Ticks % TimeSpan.TicksPerSecond == 0 ? moment : moment.AddTicks(TimeSpan.TicksPerSecond - (moment.Ticks % TimeSpan.TicksPerSecond));
        return zone is null
            ? string.Create(CultureInfo.InvariantCulture, $"{up.ToUniversalTime():yyyy-MM-dd HH:mm:ss} UTC")
            : string.Create(CultureInfo.InvariantCulture, $"{TimeZoneInfo.ConvertTime(up, zone):yyyy-MM-dd HH:mm:ss zzz} ({zone.Id})");
    }
}
