using System.Runtime.CompilerServices;

namespace Pressure.Record;

/// <summary>
/// A High Dynamic Range histogram of durations: 1 us to 1 h at 3 significant decimal digits, in microseconds.
/// </summary>
/// <remarks>
/// Same bucket layout as HdrHistogram (lowest discernible value 1, 2048 sub-buckets), so counts can be merged and exported
/// without loss. A duration counts as its whole microseconds, the rest is cut off. Values outside the range, zero and negative
/// ones included, are clamped to its end, and counted in <see cref="BelowRange"/> or <see cref="AboveRange"/> as well.
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

    private long[] _counts = [];

    /// <summary>Number of values recorded, clamped ones included.</summary>
    public long Count { get; private set; }

    /// <summary>Values below 1 us (recorded as 1 us).</summary>
    public long BelowRange { get; private set; }

    /// <summary>Values above 1 h (recorded as 1 h).</summary>
    public long AboveRange { get; private set; }

    /// <summary>Smallest value: the lowest equivalent to its bucket; zero when empty.</summary>
    public TimeSpan Min => Count == 0 ? TimeSpan.Zero : Micros(HistogramLayout.LowestAt(_counts.AsSpan().IndexOfAnyExcept(0L)));

    /// <summary>Largest value: the highest equivalent to its bucket; zero when empty.</summary>
    public TimeSpan Max => Count == 0 ? TimeSpan.Zero : Micros(HistogramLayout.HighestAt(LastIndex));

    /// <summary>Mean of the recorded values, each taken as the middle of its bucket; zero when empty.</summary>
    public TimeSpan Mean
    {
        get
        {
            if (Count == 0)
                return TimeSpan.Zero;
            var sum = 0.0;
            for (var i = 0; i < _counts.Length; i++)
                sum += (double)_counts[i] * HistogramLayout.MedianAt(i);
            return TimeSpan.FromTicks((long)Math.Round(sum / Count * TimeSpan.TicksPerMicrosecond));
        }
    }

    /// <summary>Counts by <see cref="HistogramLayout"/> up to the last one that is not zero.</summary>
    internal ReadOnlySpan<long> Counts => _counts.AsSpan(0, LastIndex + 1);

    private int LastIndex => _counts.AsSpan().LastIndexOfAnyExcept(0L);

    /// <summary>Records one value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Record(TimeSpan value)
    {
        var micros = value.Ticks / TimeSpan.TicksPerMicrosecond;
        if ((ulong)(micros - LowestMicros) > HighestMicros - LowestMicros)
        {
            RecordClamped(micros, 1);
            return;
        }
        var counts = _counts;
        var index = HistogramLayout.IndexOf(micros);
        if ((uint)index < (uint)counts.Length)
            counts[index]++;
        else
            AddAt(index, 1);
        Count++;
    }

    /// <summary>Records <paramref name="count"/> equal values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void Record(TimeSpan value, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0)
            return;
        var micros = value.Ticks / TimeSpan.TicksPerMicrosecond;
        if (micros is < LowestMicros or > HighestMicros)
        {
            RecordClamped(micros, count);
            return;
        }
        AddAt(HistogramLayout.IndexOf(micros), count);
        Count += count;
    }

    /// <summary>Adds another histogram's counts to this one.</summary>
    public void Add(Histogram other)
    {
        var added = other.Counts;
        if (added.IsEmpty)
            return;
        EnsureIndex(added.Length - 1);
        var counts = _counts.AsSpan(0, added.Length);
        for (var i = 0; i < added.Length; i++)
            counts[i] += added[i];
        Count += other.Count;
        BelowRange += other.BelowRange;
        AboveRange += other.AboveRange;
    }

    /// <summary>
    /// The value at or below which <paramref name="percent"/> (0 to 100) of all values lie: the highest value equivalent to the
    /// bucket that holds it (for 0 the lowest), as HdrHistogram defines it. Zero when empty.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between 0 and 100.</exception>
    public TimeSpan Percentile(double percent)
    {
        if (percent is not (>= 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "A percentile is between 0 and 100.");
        if (Count == 0)
            return TimeSpan.Zero;
        if (percent == 0)
            return Min;
        // One step down before rounding up: a percent computed a hair too large (0.07 * 100) must not ask for the next value.
        var rank = Math.Max(1, (long)Math.Ceiling(Math.BitDecrement(percent) * Count / 100));
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
                return Micros(HistogramLayout.HighestAt(i));
        }
        return Max;
    }

    /// <summary>The share (0 to 1) of values at or below <paramref name="value"/> (all of its bucket); 1 when empty.</summary>
    public double ShareAtOrBelow(TimeSpan value)
    {
        if (Count == 0)
            return 1;
        var micros = Math.Clamp(value.Ticks / TimeSpan.TicksPerMicrosecond, 0, HighestMicros);
        var last = Math.Min(HistogramLayout.IndexOf(micros), _counts.Length - 1);
        var seen = 0L;
        for (var i = 0; i <= last; i++)
            seen += _counts[i];
        return (double)seen / Count;
    }

    /// <summary>Non-empty buckets in rising order: highest equivalent value and its count.</summary>
    public IEnumerable<(TimeSpan Value, long Count)> Buckets()
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] > 0)
                yield return (Micros(HistogramLayout.HighestAt(i)), _counts[i]);
        }
    }

    /// <summary>Forgets all values, keeps the memory.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Count = BelowRange = AboveRange = 0;
    }

    /// <summary>An independent copy.</summary>
    public Histogram Copy()
    {
        var copy = new Histogram();
        copy.Add(this);
        return copy;
    }

    /// <summary>
    /// Compact form: HdrHistogram's V2 encoding, which its tools read, and behind it <see cref="BelowRange"/> and
    /// <see cref="AboveRange"/> where they are not both zero. See docs/run-folder.md.
    /// </summary>
    public byte[] Encode() => HistogramEncoding.Write(this, withClamped: true);

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a histogram.</exception>
    public static Histogram Decode(ReadOnlySpan<byte> bytes) => HistogramEncoding.Read(bytes);

    /// <summary>Takes over counts that a decoder has read and checked.</summary>
    internal void Restore(int index, long count)
    {
        AddAt(index, count);
        Count += count;
    }

    /// <summary>Takes over how many of the restored values had been clamped.</summary>
    internal void RestoreClamped(long below, long above)
    {
        BelowRange = below;
        AboveRange = above;
    }

    private static TimeSpan Micros(long micros) => TimeSpan.FromTicks(micros * TimeSpan.TicksPerMicrosecond);

    private void RecordClamped(long micros, long count)
    {
        var below = micros < LowestMicros;
        if (below)
            BelowRange += count;
        else
            AboveRange += count;
        AddAt(HistogramLayout.IndexOf(below ? LowestMicros : HighestMicros), count);
        Count += count;
    }

    private void AddAt(int index, long count)
    {
        EnsureIndex(index);
        _counts[index] += count;
    }

    private void EnsureIndex(int index)
    {
        if (index >= _counts.Length)
            Array.Resize(ref _counts, HistogramLayout.LengthFor(index));
    }
}
