namespace Pressure.LoadGen;

/// <summary>Reads <c>load.stairs</c> and <c>load.spike</c>, which are short for stages.</summary>
internal static class ShapeReader
{
    private const int MostSteps = 1_000;

    /// <summary>Plateaus that rise (or fall) by equal steps; null after reporting.</summary>
    public static Load.Staged? Stairs(PlanNode node, string path, ProblemList problems)
    {
        if (FieldReader.Open(node, path, PlanKeys.Stairs, problems) is not { } fields)
            return null;
        foreach (var key in PlanKeys.Stairs.Keys)
            fields.Required(key, "Write stairs such as { from: 100/s, to: 500/s, steps: 5, hold: 30s }.");
        var from = fields.Read<Rate>("from", RateText.Parse, default);
        var to = fields.Read<Rate>("to", RateText.Parse, default);
        var steps = fields.Read("steps", PlainText.WholeNumber(2, MostSteps), 0);
        var hold = Time(fields, "hold");
        if (from.Per == default || to.Per == default || steps == 0 || hold == default)
            return null;
        var (first, last, per) = from.Per == to.Per ? (from.Count, to.Count, from.Per) : (PerSecond(from), PerSecond(to), TimeSpan.FromSeconds(1));
        var rates = Enumerable.Range(0, steps).Select(i => new Rate(Math.Round(first + (last - first) * i / (steps - 1), 6), per));
        return new([.. rates.Select(rate => new Stage(rate, rate, hold))]);
    }

    /// <summary>A base rate, a peak, and the base rate again; null after reporting.</summary>
    public static Load.Staged? Spike(PlanNode node, string path, ProblemList problems)
    {
        if (FieldReader.Open(node, path, PlanKeys.Spike, problems) is not { } fields)
            return null;
        foreach (var key in PlanKeys.Spike.Keys.Where(k => k is not ("fall" or "after")))
            fields.Required(key, "Write a spike such as { base: 50/s, peak: 500/s, at: 30s, rise: 5s, hold: 20s }.");
        var low = fields.Read<Rate>("base", RateText.Parse, default);
        var peak = fields.Read<Rate>("peak", RateText.ParsePositive, default);
        var (at, rise, hold) = (Time(fields, "at"), Time(fields, "rise"), Time(fields, "hold"));
        var (fall, after) = (fields.Has("fall") ? Time(fields, "fall") : rise, fields.Has("after") ? Time(fields, "after") : at);
        if (low.Per == default || peak.Per == default || new[] { at, rise, hold, fall, after }.Contains(default))
            return null;
        return new([new(low, low, at), new(low, peak, rise), new(peak, peak, hold), new(peak, low, fall), new(low, low, after)]);
    }

    private static TimeSpan Time(FieldReader fields, string key) =>
        fields.Read(key, PlainText.Duration(LoadReader.Shortest, PlanLimits.LongestDuration), TimeSpan.Zero);

    private static decimal PerSecond(Rate rate) => rate.Count * TimeSpan.TicksPerSecond / rate.Per.Ticks;
}
