namespace Pressure.Reports;

/// <summary>One figure of one subject over the seconds of a run; seconds in which it was not measured have none.</summary>
/// <param name="counts">Which seconds count for mean and peak.</param>
/// <param name="step">Seconds that are kept as one, their highest value: 1 unless the run is long.</param>
internal sealed class Series(Func<int, bool> counts, int step = 1)
{
    private float[] _values = [];
    private double _sum;

    /// <summary>Measured seconds that count.</summary>
    public int Count { get; private set; }

    /// <summary>Highest value of the seconds that count.</summary>
    public double Peak { get; private set; }

    /// <summary>Mean of the seconds that count.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>Mean and peak; null when nothing that counts was measured.</summary>
    public MeanAndPeak? Spread => Count == 0 ? null : new(Math.Round(Mean, 4), Math.Round(Peak, 4));

    /// <summary>The value of a second; NaN when there is none.</summary>
    public float this[int second] => second >= 0 && second / step < _values.Length ? _values[second / step] : float.NaN;

    /// <summary>Sets the seconds from <paramref name="from"/> to <paramref name="to"/>, both included. What is measured twice stands as it was last.</summary>
    public void Set(int from, int to, double value)
    {
        // What comes from outside may be no number; the record keeps it, a mean would not survive it.
        if (to < from || from < 0 || !double.IsFinite(value))
            return;
        Reserve(to / step + 1);
        for (var second = from; second <= to; second++)
        {
            ref var kept = ref _values[second / step];
            var isNew = step > 1 || float.IsNaN(kept);
            kept = step > 1 && kept > value ? kept : (float)value;
            if (!isNew || !counts(second))
                continue;
            _sum += value;
            Peak = Count++ == 0 ? value : Math.Max(Peak, value);
        }
    }

    /// <summary>The seconds with values, with them.</summary>
    public IEnumerable<(int Second, double Value)> Known()
    {
        for (var second = 0; second < _values.Length; second++)
        {
            if (!float.IsNaN(_values[second]))
                yield return (second * step, _values[second]);
        }
    }

    private void Reserve(int length)
    {
        var had = _values.Length;
        if (had >= length)
            return;
        Array.Resize(ref _values, Math.Max(length, Math.Min(had * 2, had + 4096)));
        _values.AsSpan(had).Fill(float.NaN);
    }
}
