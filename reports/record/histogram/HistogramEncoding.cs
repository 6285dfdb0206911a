namespace Pressure.Record;

/// <summary>
/// HdrHistogram's V2 encoding, from its published format: a header of 40 bytes, then the counts up to the last that is not zero,
/// as zig-zag LEB128, with a negative number -n for a run of n zeros.
/// </summary>
internal static class HistogramEncoding
{
    /// <summary>Cookie of the plain V2 encoding; 0x10 marks LEB128 counts.</summary>
    private const int Cookie = 0x1c849303 | 0x10;

    public static byte[] Write(Histogram histogram, bool withClamped)
    {
        var counts = new ByteSink();
        WriteCounts(counts, histogram.Cells);
        var sink = new ByteSink();
        sink.Int32(Cookie);
        sink.Int32(counts.Written.Length);
        sink.Int32(0); // normalizing index offset: we never shift
        sink.Int32(Histogram.SignificantDigits);
        sink.Int64(Histogram.LowestMicros);
        sink.Int64(Histogram.HighestMicros);
        sink.Double(1); // values are integers as they are
        sink.Bytes(counts.Written);
        // Behind the payload: other readers stop there, so the bytes stay good for them.
        if (withClamped && (histogram.BelowRange | histogram.AboveRange) != 0)
        {
            sink.Varint(histogram.BelowRange);
            sink.Varint(histogram.AboveRange);
        }
        return sink.Written.ToArray();
    }

    public static Histogram Read(ReadOnlySpan<byte> bytes)
    {
        var source = new ByteSource(bytes);
        if (source.Int32() != Cookie)
            throw new InvalidDataException("Not a histogram: HdrHistogram's V2 cookie is missing.");
        var payload = source.Int32();
        if (source.Int32() != 0 || source.Int32() != Histogram.SignificantDigits || source.Int64() != Histogram.LowestMicros
            || source.Int64() != Histogram.HighestMicros || source.Double() != 1)
            throw new InvalidDataException("The histogram has another range or precision than 1 us to 1 h at 3 digits.");
        var packed = source.Bytes(payload).ToArray();
        var count = CountChecked(packed);
        var (below, above) = source.Left > 0 ? (source.Count(), source.Count()) : (0, 0);
        if (below > count || above > count - below)
            throw new InvalidDataException("The histogram has more clamped values than values.");
        if (source.Left > 0)
            throw new InvalidDataException($"{source.Left} bytes follow the histogram.");
        return new Histogram(packed, count, below, above);
    }

    private static void WriteCounts(ByteSink sink, HistogramCells cells)
    {
        var next = 0;
        foreach (var (index, count) in cells)
        {
            var zeros = index - next;
            if (zeros > 0)
                sink.Varint(zeros == 1 ? 0 : -zeros);
            sink.Varint(count);
            next = index + 1;
        }
    }

    private static long CountChecked(ReadOnlySpan<byte> payload)
    {
        var source = new ByteSource(payload);
        var (index, total) = (0L, 0L);
        while (source.Left > 0)
        {
            var count = source.Varint();
            // Compared before it is negated: long.MinValue has no positive twin.
            index = count < -HistogramLayout.Length ? long.MaxValue : index + (count < 0 ? -count : 1);
            if (index > HistogramLayout.Length)
                throw new InvalidDataException("The histogram has more buckets than its range.");
            if (count > long.MaxValue - total)
                throw new InvalidDataException("The histogram's counts are too large.");
            total += Math.Max(0, count);
        }
        return total;
    }
}
