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
/// Memory: a few values are kept as they come (a request that is seldom sent must not cost an array of counts); beyond that an array
/// that grows with the largest value. Both are kept by <see cref="Clear"/>, so recording what was recorded before allocates nothing.
/// A decoded histogram stays packed until something is recorded into it.
/// </remarks>
public sealed class Histogram
{
    /// <summary>Smallest value told apart, in microseconds.</summary>
    public const long LowestMicros = 1;

    /// <summary>Largest value told apart, in microseconds (one hour).</summary>
    public const long HighestMicros = 3_600_000_000;

    /// <summary>Significant decimal digits kept.</summary>
    public const int SignificantDigits = 3;

    // As many bytes as the smallest array of counts has hundreds.
    private const int MostFew = 256;

    /// <summary>Counts by <see cref="HistogramLayout"/>, as long as the largest value needs; empty while packed or few.</summary>
    private long[] _counts = [];

    /// <summary>The index of each value, in no order, until there are too many of them; unused once there are counts.</summary>
    private int[] _few = [];

    private int _fewCount;

    /// <summary>As decoded, until something is recorded.</summary>
    private byte[]? _packed;

    /// <summary>An empty histogram.</summary>
    public Histogram()
    {
    }

    /// <summary>Takes over what a decoder has read and checked.</summary>
    internal Histogram(byte[] packed, long count, long belowRange, long aboveRange)
    {
        _packed = packed;
        Count = count;
        BelowRange = belowRange;
        AboveRange = aboveRange;
    }

    /// <summary>Number of values recorded, clamped ones included.</summary>
    public long Count { get; private set; }

    /// <summary>Values below 1 us (recorded as 1 us).</summary>
    public long BelowRange { get; private set; }

    /// <summary>Values above 1 h (recorded as 1 h).</summary>
    public long AboveRange { get; private set; }

    /// <summary>Smallest value: the lowest equivalent to its bucket; zero when empty.</summary>
    public TimeSpan Min => Cells is var cells && cells.MoveNext() ? Micros(HistogramLayout.LowestAt(cells.Current.Index)) : TimeSpan.Zero;

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
            foreach (var (index, count) in Cells)
                sum += (double)count * HistogramLayout.MedianAt(index);
            return TimeSpan.FromTicks((long)Math.Round(sum / Count * TimeSpan.TicksPerMicrosecond));
        }
    }

    /// <summary>The non-empty buckets in rising order.</summary>
    internal HistogramCells Cells
    {
        get
        {
            Few.Sort();
            return new(_counts, _packed, _few, _fewCount);
        }
    }

    private Span<int> Few => _few.AsSpan(0, _fewCount);

    private int LastIndex
    {
        get
        {
            if (_packed is null && _fewCount == 0)
                return _counts.AsSpan().LastIndexOfAnyExcept(0L);
            var last = -1;
            foreach (var (index, _) in Cells)
                last = index;
            return last;
        }
    }

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
        if (other.Count == 0)
            return;
        var isFew = HasRoomForFew(other.Count);
        if (!isFew)
            EnsureIndex(0);
        if (!isFew && other._packed is { } packed)
            PackedCounts.AddTo(packed, ref _counts);
        else
            AddCells(other, isFew);
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
        foreach (var (index, count) in Cells)
        {
            seen += count;
            if (seen >= rank)
                return Micros(HistogramLayout.HighestAt(index));
        }
        return Max;
    }

    /// <summary>The share (0 to 1) of values at or below <paramref name="value"/> (all of its bucket); 1 when empty.</summary>
    public double ShareAtOrBelow(TimeSpan value)
    {
        if (Count == 0)
            return 1;
        var micros = Math.Clamp(value.Ticks / TimeSpan.TicksPerMicrosecond, 0, HighestMicros);
        var last = HistogramLayout.IndexOf(micros);
        var seen = 0L;
        foreach (var (index, count) in Cells)
            seen += index <= last ? count : 0;
        return (double)seen / Count;
    }

    /// <summary>Non-empty buckets in rising order: highest equivalent value and its count.</summary>
    public IEnumerable<(TimeSpan Value, long Count)> Buckets()
    {
        foreach (var (index, count) in Cells)
            yield return (Micros(HistogramLayout.HighestAt(index)), count);
    }

    /// <summary>Forgets all values, keeps the memory.</summary>
    public void Clear()
    {
        _packed = null;
        _fewCount = 0;
        Array.Clear(_counts);
        Count = BelowRange = AboveRange = 0;
    }

    /// <summary>An independent copy.</summary>
    public Histogram Copy()
    {
        if (_packed is not null)
            return new Histogram(_packed, Count, BelowRange, AboveRange);
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

    private void AddCells(Histogram other, bool isFew)
    {
        if (!isFew)
            EnsureIndex(other.LastIndex);
        foreach (var (index, count) in other.Cells)
            AddAt(index, count);
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
        if (HasRoomForFew(count))
        {
            AddFew(index, (int)count);
            return;
        }

        EnsureIndex(index);
        _counts[index] += count;
    }

    private bool HasRoomForFew(long count) => _counts.Length == 0 && _packed is null && count <= MostFew - _fewCount;

    private void AddFew(int index, int count)
    {
        if (_fewCount + count > _few.Length)
            Array.Resize(ref _few, Math.Min(MostFew, Math.Max(16, 2 * (_fewCount + count))));
        _few.AsSpan(_fewCount, count).Fill(index);
        _fewCount += count;
    }

    /// <summary>Makes room in the array of counts, which from now on holds all there is.</summary>
    private void EnsureIndex(int index)
    {
        if (_packed is not null)
            Unpack();
        var last = _fewCount > 0 ? Math.Max(index, LastIndex) : index;
        if (last >= _counts.Length)
            Array.Resize(ref _counts, HistogramLayout.LengthFor(last));
        if (_fewCount > 0)
            SpillFew();
    }

    private void SpillFew()
    {
        foreach (var index in Few)
            _counts[index]++;
        (_few, _fewCount) = ([], 0);
    }

    private void Unpack()
    {
        var counts = new long[HistogramLayout.LengthFor(LastIndex)];
        foreach (var (index, count) in Cells)
            counts[index] = count;
        (_counts, _packed) = (counts, null);
    }
}
