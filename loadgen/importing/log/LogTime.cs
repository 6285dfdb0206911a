namespace Pressure.LoadGen.Importing;

/// <summary>A moment as logs write it: <c>10/Oct/2023:13:55:36 +0800</c>.</summary>
/// <param name="Utc">Seconds since 1970.</param>
/// <param name="Offset">The zone's offset in seconds.</param>
internal readonly record struct LogTime(long Utc, int Offset)
{
    /// <summary>Length of the text.</summary>
    public const int Length = 26;

    private static readonly int Epoch = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>Days since 1970 by the zone's own calendar.</summary>
    public long LocalDay => Math.DivRem(Utc + Offset, 86_400).Quotient;

    /// <summary>When the zone's own hour began.</summary>
    public long HourStart => Utc - ((Utc + Offset) % 3_600);

    public string Zone => $"{(Offset < 0 ? '-' : '+')}{Math.Abs(Offset) / 3600:00}{Math.Abs(Offset) / 60 % 60:00}";

    /// <summary>The zone's own time.</summary>
    public DateTime Local => DateTime.UnixEpoch.AddSeconds(Utc + Offset);

    public static bool TryParse(ReadOnlySpan<byte> text, out LogTime time)
    {
        time = default;
        if (text.Length != Length || text[2] != '/' || text[6] != '/' || text[11] != ':' || text[14] != ':' || text[17] != ':' || text[20] != ' ')
            return false;
        var month = "JanFebMarAprMayJunJulAugSepOctNovDec"u8.IndexOf(text.Slice(3, 3));
        if (month < 0 || month % 3 != 0 || text[21] is not ((byte)'+' or (byte)'-'))
            return false;
        var (day, year) = (Number(text.Slice(0, 2)), Number(text.Slice(7, 4)));
        var (hour, minute, second) = (Number(text.Slice(12, 2)), Number(text.Slice(15, 2)), Number(text.Slice(18, 2)));
        var (zoneHours, zoneMinutes) = (Number(text.Slice(22, 2)), Number(text.Slice(24, 2)));
        month = (month / 3) + 1;
        // A leap second is 60.
        if (year is < 1971 or > 9998 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 60
            || zoneHours is < 0 or > 14 || zoneMinutes is < 0 or > 59)
            return false;
        var offset = ((zoneHours * 60) + zoneMinutes) * 60 * (text[21] == '-' ? -1 : 1);
        var days = new DateOnly(year, month, day).DayNumber - Epoch;
        time = new((days * 86_400L) + (((hour * 60) + minute) * 60) + Math.Min(second, 59) - offset, offset);
        return true;
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var d in digits)
        {
            if (d is < (byte)'0' or > (byte)'9')
                return -1;
            number = (number * 10) + d - '0';
        }
        return number;
    }
}
