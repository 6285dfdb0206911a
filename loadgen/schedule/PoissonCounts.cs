namespace Pressure.LoadGen;

/// <summary>The Poisson distribution of one mean, as a table of its cumulative probabilities.</summary>
internal sealed class PoissonCounts
{
    private const double Negligible = 1e-18;
    private readonly int _lowest;
    private readonly double[] _cumulative;

    public PoissonCounts(double mean)
    {
        // Relative to the mode, which is never too small for a double, however large the mean.
        var mode = (int)mean;
        var below = new List<double>();
        for (var (k, p) = (mode, 1.0); k > 0 && (p *= k / mean) > Negligible; k--)
            below.Add(p);
        var above = new List<double>();
        for (var (k, p) = (mode + 1, 1.0); (p *= mean / k) > Negligible; k++)
            above.Add(p);

        _lowest = mode - below.Count;
        _cumulative = [.. Enumerable.Reverse(below), 1, .. above];
        for (var i = 1; i < _cumulative.Length; i++)
            _cumulative[i] += _cumulative[i - 1];
    }

    /// <summary>The smallest count whose cumulative probability reaches <paramref name="uniform"/> (0 to 1).</summary>
    public int Quantile(double uniform)
    {
        var index = Array.BinarySearch(_cumulative, uniform * _cumulative[^1]);
        return _lowest + Math.Min(index < 0 ? ~index : index, _cumulative.Length - 1);
    }
}
