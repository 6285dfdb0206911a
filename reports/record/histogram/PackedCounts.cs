namespace Pressure.Record;

/// <summary>Adds packed counts to an array: the innermost loop of merging what workers tell. The bytes have been checked when they were read.</summary>
internal static class PackedCounts
{
    /// <summary>Adds all counts; makes the array longer where it must be.</summary>
    public static void AddTo(ReadOnlySpan<byte> packed, ref long[] counts)
    {
        var to = counts.AsSpan();
        var (at, index) = (0, 0);
        while (at < packed.Length)
        {
            var value = Next(packed, ref at);
            if (value <= 0)
            {
                index += value < 0 ? (int)-value : 1; // -n stands for n zeros
                continue;
            }
            if (index >= to.Length)
            {
                Array.Resize(ref counts, HistogramLayout.LengthFor(index));
                to = counts;
            }
            to[index++] += value;
        }
    }

    // ByteSource.Varint without its checks; most counts are a single byte, most gaps two.
    private static long Next(ReadOnlySpan<byte> packed, ref int at)
    {
        ulong value = packed[at++];
        if (value >= 0x80)
        {
            value &= 0x7F;
            for (var shift = 7; ; shift += 7)
            {
                ulong next = packed[at++];
                // The ninth byte is whole: it has no room for a mark.
                value |= (shift < 56 ? next & 0x7F : next) << shift;
                if (next < 0x80 || shift == 56)
                    break;
            }
        }
        return (long)(value >> 1) ^ -(long)(value & 1);
    }
}
