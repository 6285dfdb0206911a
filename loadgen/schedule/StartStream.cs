namespace Pressure.LoadGen;

/// <summary>Starts of iterations on one schedule: all scenarios' by weight, or those of one scenario with a rate of its own.</summary>
/// <param name="Starts">When.</param>
/// <param name="Scenario">The scenario's position; null when the mix tells.</param>
public sealed record StartStream(Schedule Starts, int? Scenario)
{
    /// <summary>What the starts were made of.</summary>
    internal StartOrder Order { get; init; } = StartOrder.Nothing;

    /// <summary>Starts as ordered.</summary>
    internal static StartStream Of(StartOrder order, int? scenario) => new(order.Schedule(), scenario) { Order = order };
}

/// <summary>What a schedule is made of, so that the rest of it can be made anew when the load is steered.</summary>
/// <param name="Lines">Starts per tick over the whole load.</param>
/// <param name="StartsPerRequest">Starts of this stream for one request of the whole load.</param>
/// <param name="Arrivals">How they are spread.</param>
/// <param name="Seed">For what is random in it.</param>
internal sealed record StartOrder(IReadOnlyList<RateLine> Lines, Fraction StartsPerRequest, Arrivals Arrivals, int Seed)
{
    public static StartOrder Nothing { get; } = new([], 1L, Arrivals.Uniform, Seed: 0);

    public Schedule Schedule() => LoadGen.Schedule.Of(Lines, Arrivals, Seed);
}
