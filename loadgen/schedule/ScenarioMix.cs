namespace Pressure.LoadGen;

/// <summary>
/// Which scenario iteration n runs: a pure function of n by a low-discrepancy rule, so that weights 7:3 are 7:3 over every short
/// window (each scenario's count within any prefix differs from its exact share by less than one), not only on average.
/// </summary>
public sealed class ScenarioMix
{
    /// <summary>Weights above zero.</summary>
    public ScenarioMix(IReadOnlyList<decimal> weights) => throw new NotImplementedException();

    /// <summary>The scenario's position for iteration <paramref name="n"/>. Allocates nothing.</summary>
    public int this[long n] => throw new NotImplementedException();
}
