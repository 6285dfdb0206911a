namespace Pressure.Agent;

/// <summary>
/// A line of unified logging (JDK 9 and newer):
/// <code>
/// [2026-11-21T15:15:07.664+0000][0.083s][info][gc          ] GC(0) Pause Young (Allocation Failure) 34M->33M(123M) 19.352ms
///  decorations, as many as were asked for, none at all too    message
/// </code>
/// Decorations come in a fixed order; the column of the tags grows when a longer set of tags is met.
/// </summary>
internal readonly ref struct UnifiedLine
{
    /// <summary>An uptime of as many milliseconds would be 31 years; a wall clock has shown more since 2001.</summary>
    private const long WallMillisecondsFrom = 1_000_000_000_000;

    private readonly ReadOnlySpan<byte> _decorations;

    private UnifiedLine(ReadOnlySpan<byte> decorations, ReadOnlySpan<byte> message)
    {
        _decorations = decorations;
        Message = message;
    }

    public ReadOnlySpan<byte> Message { get; }

    /// <summary>False if the line has another form.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out UnifiedLine read)
    {
        var rest = line;
        while (!rest.IsEmpty && rest[0] == '[')
        {
            var end = rest.IndexOf((byte)']');
            if (end < 0)
            {
                read = default;
                return false;
            }

            rest = rest[(end + 1)..];
        }

        read = new UnifiedLine(line[..^rest.Length], rest.Trim((byte)' '));
        return true;
    }

    /// <summary>When the line was written, by its decorations.</summary>
    public LogTime Time()
    {
        DateTimeOffset? wall = null;
        TimeSpan? uptime = null;
        var byNanoseconds = false;
        var rest = _decorations;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)']');
            var text = rest[1..end].Trim((byte)' ');
            rest = rest[(end + 1)..];
            if (text.IsEmpty || !char.IsAsciiDigit((char)text[0]))
                continue;
            if (Stamps.LooksLikeDate(text))
            {
                if (wall is null && Stamps.TryRead(text, out var time))
                    wall = time;
            }
            else if (text.EndsWith("ms"u8))
            {
                if (!Figures.TryFixed(text[..^2], 0, out var milliseconds))
                    continue;
                if (milliseconds < WallMillisecondsFrom)
                    uptime = TimeSpan.FromMilliseconds(milliseconds);
                else if (milliseconds < 100 * WallMillisecondsFrom)
                    wall ??= DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            }
            else if (text.EndsWith("ns"u8))
            {
                // timenanos and uptimenanos look the same; the first counts from whenever, and stands before the second.
                if (Figures.TryFixed(text[..^2], 0, out var nanoseconds) && (byNanoseconds || uptime is not { } known || Near(known, nanoseconds)))
                {
                    uptime = new TimeSpan(nanoseconds / 100);
                    byNanoseconds = true;
                }
            }
            else if (text[^1] == 's' && Figures.TrySeconds(text[..^1], out var seconds))
            {
                uptime = seconds;
            }
        }

        return new LogTime(wall, uptime);
    }

    private static bool Near(TimeSpan known, long nanoseconds) => (known - new TimeSpan(nanoseconds / 100)).Duration() < TimeSpan.FromSeconds(1);
}
