using System.Security;

namespace Pressure.Chaos;

/// <summary>Time zones by their IANA names: <c>Asia/Shanghai</c>, <c>UTC</c>.</summary>
public static class Zones
{
    /// <summary>What to do about a name that is none.</summary>
    public const string Remedy = "Write an IANA name as Europe/Berlin or UTC; the system's zones come with the package tzdata.";

    /// <summary>Finds it; null if there is none by that name.</summary>
    public static TimeZoneInfo? Find(string? name)
    {
        // A name is looked up as a file's path: nothing that leads elsewhere gets that far.
        if (string.IsNullOrEmpty(name) || name.Contains("..", StringComparison.Ordinal) || name[0] == '/' || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+'))
            return null;
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException or SecurityException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>When a zone's clocks read so: where they read it twice the first of the two, or the last; where they skip it, the moment at which they do.</summary>
    public static DateTimeOffset At(this TimeZoneInfo zone, DateTime local, bool last = false)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (zone.IsAmbiguousTime(local))
        {
            var offsets = zone.GetAmbiguousTimeOffsets(local);
            return new(local, last ? offsets.Min() : offsets.Max());
        }
        if (!zone.IsInvalidTime(local))
            return new(local, zone.GetUtcOffset(local));
        // Both readings of a skipped time, by the offset before and after the jump, lie around the jump itself.
        var before = new DateTimeOffset(local, zone.GetUtcOffset(local.AddDays(-1))).ToUniversalTime();
        return ChangeOfOffset(zone, before.AddDays(-1), before.AddDays(1));
    }

    /// <summary>The first moment after <paramref name="from"/>, and not after <paramref name="to"/>, at which the zone's offset is another.</summary>
    internal static DateTimeOffset ChangeOfOffset(TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset to)
    {
        var offset = zone.GetUtcOffset(from);
        long low = from.UtcTicks, high = to.UtcTicks;
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (zone.GetUtcOffset(new DateTimeOffset(middle, TimeSpan.Zero)) == offset)
                low = middle;
            else
                high = middle;
        }
        return new(high, TimeSpan.Zero);
    }
}
