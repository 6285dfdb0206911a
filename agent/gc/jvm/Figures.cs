namespace Pressure.Agent;

/// <summary>Numbers as GC logs write them. Everything is checked: the input may be anything.</summary>
internal static class Figures
{
    private static readonly long[] Powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

    /// <summary>A number with at most one point or comma, in units of 1/10^<paramref name="decimals"/> (7 at the most); further digits are cut.</summary>
    public static bool TryFixed(ReadOnlySpan<byte> text, int decimals, out long value)
    {
        value = 0;
        var fraction = -1;
        var digits = 0;
        foreach (var c in text)
        {
            if (c is (byte)'.' or (byte)',' && fraction < 0)
            {
                fraction = 0;
                continue;
            }

            if (!char.IsAsciiDigit((char)c))
                return false;
            digits++;
            if (fraction >= decimals)
                continue;
            if (value > long.MaxValue / 100)
                return false;
            value = value * 10 + (c - '0');
            if (fraction >= 0)
                fraction++;
        }

        var missing = Powers[decimals - Math.Max(fraction, 0)];
        if (digits == 0 || value > long.MaxValue / 2 / missing)
            return false;
        value *= missing;
        return true;
    }

    /// <summary>Seconds.</summary>
    public static bool TrySeconds(ReadOnlySpan<byte> text, out TimeSpan value)
    {
        var read = TryFixed(text, 7, out var ticks);
        value = new TimeSpan(ticks);
        return read;
    }

    /// <summary>Milliseconds.</summary>
    public static bool TryMilliseconds(ReadOnlySpan<byte> text, out TimeSpan value)
    {
        var read = TryFixed(text, 4, out var ticks);
        value = new TimeSpan(ticks);
        return read;
    }

    /// <summary>Takes <c> 1.234ms</c> or <c> 0.126s</c> off the end.</summary>
    public static bool TakeDuration(ref ReadOnlySpan<byte> text, out TimeSpan value)
    {
        value = default;
        var token = text[(text.LastIndexOf((byte)' ') + 1)..];
        var read = token.EndsWith("ms"u8) ? TryMilliseconds(token[..^2], out value) : token.EndsWith("s"u8) && TrySeconds(token[..^1], out value);
        if (read)
            text = text[..^token.Length].TrimEnd((byte)' ');
        return read;
    }

    /// <summary>Bytes of <c>128M</c>, <c>4857.6K</c>, <c>0.0B</c>, <c>17.8G</c>, <c>512</c>.</summary>
    public static bool TrySize(ReadOnlySpan<byte> text, out long bytes)
    {
        bytes = 0;
        if (text.IsEmpty)
            return false;
        var unit = text[^1] switch
        {
            (byte)'B' => 1L,
            (byte)'K' => 1L << 10,
            (byte)'M' => 1L << 20,
            (byte)'G' => 1L << 30,
            (byte)'T' => 1L << 40,
            _ => 0,
        };
        if (!TryFixed(unit > 0 ? text[..^1] : text, 1, out var tenths))
            return false;
        unit = Math.Max(unit, 1);
        if (tenths > long.MaxValue / unit)
            return false;
        bytes = tenths * unit / 10;
        return true;
    }

    /// <summary>Takes <c> 84M->69M(128M)</c>, <c> 128M(100%)->90M(70%)</c> or <c> 4.8M(20.0M)->4.7M(20.0M)</c> off the end.</summary>
    public static bool TakeHeap(ref ReadOnlySpan<byte> text, out HeapUse heap)
    {
        var token = text[(text.LastIndexOf((byte)' ') + 1)..];
        if (!TryHeap(token, out heap))
            return false;
        text = text[..^token.Length].TrimEnd((byte)' ');
        return true;
    }

    private static bool TryHeap(ReadOnlySpan<byte> token, out HeapUse heap)
    {
        heap = default;
        var arrow = token.IndexOf("->"u8);
        if (arrow < 0 || !TryUse(token[..arrow], out var before, out _) || !TryUse(token[(arrow + 2)..], out var after, out var committed))
            return false;
        heap = new HeapUse(before, after, committed);
        return true;
    }

    /// <summary>Bytes used, and committed if they stand in parentheses behind it (a share of the largest heap does not tell them).</summary>
    public static bool TryUse(ReadOnlySpan<byte> text, out long used, out long? committed)
    {
        committed = null;
        var open = text.IndexOf((byte)'(');
        if (open < 0)
            return TrySize(text, out used);
        if (!TrySize(text[..open], out used) || text[^1] != ')')
            return false;
        var inside = text[(open + 1)..^1];
        if (inside.EndsWith("%"u8))
            return true;
        var read = TrySize(inside, out var size);
        committed = size;
        return read;
    }
}
