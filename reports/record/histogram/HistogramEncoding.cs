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
        WriteCounts(counts, histogram.Counts);
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
        var histogram = new Histogram();
        ReadCounts(histogram, source.Bytes(payload));
        if (source.Left > 0)
            ReadClamped(histogram, ref source);
        if (source.Left > 0)
            throw new InvalidDataException($"{source.Left} bytes follow the histogram.");
        return histogram;
    }

    private static void WriteCounts(ByteSink sink, ReadOnlySpan<long> counts)
    {
        while (!counts.IsEmpty)
        {
            // The last count is never zero, so a run always ends.
            var zeros = counts.IndexOfAnyExcept(0L);
            if (zeros == 0)
                sink.Varint(counts[0]);
            else
                sink.Varint(zeros == 1 ? 0 : -zeros);
            counts = counts[Math.Max(1, zeros)..];
        }
    }

    private static void ReadCounts(Histogram histogram, ReadOnlySpan<byte> payload)
    {
        var source = new ByteSource(payload);
        var index = 0L;
        while (source.Left > 0)
        {
            var count = source.Varint();
            if (count < 0)
            {
                // Compared before it is negated: long.MinValue has no positive twin.
                index = count < -HistogramLayout.Length ? HistogramLayout.Length + 1 : index - count;
            }
            else
            {
                if (count > long.MaxValue - histogram.Count)
                    throw new InvalidDataException("The histogram's counts are too large.");
                if (count > 0 && index < HistogramLayout.Length)
                    histogram.Restore((int)index, count);
                index++;
            }
            if (index > HistogramLayout.Length)
                throw new InvalidDataException("The histogram has more buckets than its range.");
        }
    }

    private static void ReadClamped(Histogram histogram, ref ByteSource source)
    {
        var (below, above) = (source.Count(), source.Count());
        if (below > histogram.Count || above > histogram.Count - below)
            throw new InvalidDataException("The histogram has more clamped values than values.");
        histogram.RestoreClamped(below, above);
    }
}
