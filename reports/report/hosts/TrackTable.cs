namespace Pressure.Reports;

/// <summary>What charts draw of one subject: its figures at the points of the run's time axis, null where nothing is known.</summary>
/// <param name="Name">What readers call it; unique among those that are drawn.</param>
/// <param name="Columns">By figure, as many values as there are points.</param>
internal sealed record TrackTable(string Name, IReadOnlyDictionary<string, IReadOnlyList<double?>> Columns);

/// <summary>The points of a run's time axis.</summary>
/// <param name="First">First second.</param>
/// <param name="Step">Seconds that a point stands for.</param>
/// <param name="Count">How many points.</param>
internal sealed record TimeGrid(int First, int Step, int Count)
{
    public static TimeGrid Of(IReadOnlyList<TimelinePoint> seconds) =>
        seconds.Count == 0 ? new(0, 1, 0) : new(seconds[0].Second, Downsampler.StepOf(seconds.Count), (seconds.Count + Downsampler.StepOf(seconds.Count) - 1) / Downsampler.StepOf(seconds.Count));

    /// <summary>That of a run whose intervals these are, in order.</summary>
    public static TimeGrid Of(IReadOnlyList<Record.Interval> intervals)
    {
        if (intervals.Count == 0)
            return new(0, 1, 0);
        var (first, last) = (intervals.Min(i => i.Second), intervals.Max(i => i.Second));
        var step = Downsampler.StepOf(last - first + 1);
        return new(first, step, (last - first + step) / step);
    }

    /// <summary>Whether a second lies on the axis.</summary>
    public bool Has(int second) => second >= First && PointOf(second) < Count;

    /// <summary>The point that a second belongs to.</summary>
    public int PointOf(int second) => (second - First) / Step;

    /// <summary>The seconds of a point.</summary>
    public IEnumerable<int> SecondsOf(int point) => Enumerable.Range(First + point * Step, Step);

    /// <summary>The highest value of each point's seconds; null where none of them has one.</summary>
    public IReadOnlyList<double?> Highest(Func<int, double?> value) =>
        [.. Enumerable.Range(0, Count).Select(point => Rounded(SecondsOf(point).Select(value).Max()))];

    /// <summary>As many digits as a chart can show.</summary>
    public static double? Rounded(double? value)
    {
        if (value is not { } v || !double.IsFinite(v))
            return null;
        if (v == 0)
            return 0;
        var scale = Math.Pow(10, 4 - Math.Ceiling(Math.Log10(Math.Abs(v))));
        return scale >= 1 ? Math.Round(v * scale) / scale : Math.Round(v);
    }
}
