namespace Pressure.LoadGen;

/// <summary>What the rest of a load asks of one stream when it is steered.</summary>
internal static class SteeredLines
{
    /// <summary>Lines in starts from a time on to the end of the load.</summary>
    public static IReadOnlyList<RateLine> Of(StartOrder order, SteeringState state, TimeSpan at)
    {
        if (state.IsPaused)
            return Constant(order, at, 0L);
        return state.Level switch
        {
            SteeringChange.ToRate level => Constant(order, at, RateLine.PerTick(level.Rate) * order.StartsPerRequest),
            SteeringChange.ToFactor level => [.. Rest(order, at).Select(line => line.Times(level.Factor))],
            _ => [.. Rest(order, at)],
        };
    }

    private static IReadOnlyList<RateLine> Constant(StartOrder order, TimeSpan at, Fraction rate) =>
        [new(rate, rate, order.Lines.Sum(line => line.Ticks) - at.Ticks)];

    private static IEnumerable<RateLine> Rest(StartOrder order, TimeSpan at)
    {
        var gone = at.Ticks;
        foreach (var line in order.Lines)
        {
            if (gone <= 0)
                yield return line;
            else if (gone < line.Ticks)
                yield return line.After(gone);
            gone -= line.Ticks;
        }
    }
}
