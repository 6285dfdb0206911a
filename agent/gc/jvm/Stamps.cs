namespace Pressure.Agent;

/// <summary>Wall-clock times as JVMs write them: <c>2026-11-21T15:15:07.584+0100</c>.</summary>
internal static class Stamps
{
    /// <summary>Whether the text begins like a date.</summary>
    public static bool LooksLikeDate(ReadOnlySpan<byte> text) => text.Length >= 19 && text[4] == '-' && text[7] == '-' && text[10] == 'T';

    /// <summary>Reads one; false if it is none or names no moment that exists.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (!LooksLikeDate(text) || text[13] != ':' || text[16] != ':'
            || !TryInt(text[..4], out var year) || !TryInt(text[5..7], out var month) || !TryInt(text[8..10], out var day)
            || !TryInt(text[11..13], out var hour) || !TryInt(text[14..16], out var minute) || !TryInt(text[17..19], out var second))
            return false;
        var rest = text[19..];
        var fraction = 0L;
        if (!rest.IsEmpty && rest[0] is (byte)'.' or (byte)',')
        {
            var end = rest.IndexOfAny("+-Z"u8);
            end = end < 0 ? rest.Length : end;
            if (!Figures.TryFixed(rest[..end], 7, out fraction) || fraction >= TimeSpan.TicksPerSecond)
                return false;
            rest = rest[end..];
        }

        if (!TryZone(rest, out var zone) || year is < 1 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
            return false;
        var ticks = new DateTime(year, month, day, hour, minute, second).Ticks + fraction - zone.Ticks;
        if (ticks < 0)
            return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary><c>+0100</c>, <c>+01:00</c>, <c>Z</c>; nothing is UTC.</summary>
    private static bool TryZone(ReadOnlySpan<byte> text, out TimeSpan zone)
    {
        zone = default;
        if (text.IsEmpty || text is [(byte)'Z'])
            return true;
        if (text[0] is not ((byte)'+' or (byte)'-') || text.Length is not (5 or 6) || !TryInt(text[1..3], out var hours) || !TryInt(text[^2..], out var minutes) || hours > 18)
            return false;
        zone = (text[0] == '-' ? -1 : 1) * new TimeSpan(hours, minutes, 0);
        return true;
    }

    private static bool TryInt(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit((char)c))
                return false;
            value = value * 10 + (c - '0');
        }

        return true;
    }
}
