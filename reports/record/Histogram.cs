namespace Pressure.Record;

/// <summary>
/// A High Dynamic Range histogram of durations: 1 us to 1 h at 3 significant decimal digits, in microseconds.
/// </summary>
/// <remarks>
/// Same bucket layout as HdrHistogram (lowest discernible value 1, 2048 sub-buckets), so counts can be merged and exported
/// without loss. Values outside the range are clamped to its end and counted in <see cref="BelowRange"/> or <see cref="AboveRange"/>.
/// Not thread-safe: every lane owns its own and merges by <see cref="Add"/>.
/// Memory grows with the largest value recorded; recording within a range already seen allocates nothing.
/// </remarks>
public sealed class Histogram
{
    /// <summary>Smallest value told apart, in microseconds.</summary>
    public const long LowestMicros = 1;

    /// <summary>Largest value told apart, in microseconds (one hour).</summary>
    public const long HighestMicros = 3_600_000_000;

    /// <summary>Significant decimal digits kept.</summary>
    public const int SignificantDigits = 3;

    /// <summary>Number of values recorded, clamped ones included.</summary>
    public long Count => throw new NotImplementedException();

    /// <summary>Values below 1 us (recorded as 1 us).</summary>
    public long BelowRange => throw new NotImplementedException();

    /// <summary>Values above 1 h (recorded as 1 h).</summary>
    public long AboveRange => throw new NotImplementedException();

    /// <summary>Smallest value, to the histogram's precision; zero when empty.</summary>
    public TimeSpan Min => throw new NotImplementedException();

    /// <summary>Largest value, to the histogram's precision; zero when empty.</summary>
    public TimeSpan Max => throw new NotImplementedException();

    /// <summary>Mean of the recorded values, to the histogram's precision; zero when empty.</summary>
    public TimeSpan Mean => throw new NotImplementedException();

    /// <summary>Records one value.</summary>
    public void Record(TimeSpan value) => throw new NotImplementedException();

    /// <summary>Records <paramref name="count"/> equal values.</summary>
    public void Record(TimeSpan value, long count) => throw new NotImplementedException();

    /// <summary>Adds another histogram's counts to this one.</summary>
    public void Add(Histogram other) => throw new NotImplementedException();

    /// <summary>
    /// The value at or below which <paramref name="percent"/> (0 to 100) of all values lie: the highest value equivalent to the
    /// bucket that holds it, as HdrHistogram defines it. Zero when empty.
    /// </summary>
    public TimeSpan Percentile(double percent) => throw new NotImplementedException();

    /// <summary>The share (0 to 1) of values at or below <paramref name="value"/>; 1 when empty.</summary>
    public double ShareAtOrBelow(TimeSpan value) => throw new NotImplementedException();

    /// <summary>Non-empty buckets in rising order: highest equivalent value and its count.</summary>
    public IEnumerable<(TimeSpan Value, long Count)> Buckets() => throw new NotImplementedException();

    /// <summary>Forgets all values, keeps the memory.</summary>
    public void Clear() => throw new NotImplementedException();

    /// <summary>An independent copy.</summary>
    public Histogram Copy() => throw new NotImplementedException();

    /// <summary>Compact form (HdrHistogram V2 payload: zig-zag LEB128 counts with zero runs).</summary>
    public byte[] Encode() => throw new NotImplementedException();

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a histogram.</exception>
    public static Histogram Decode(ReadOnlySpan<byte> bytes) => throw new NotImplementedException();
}
