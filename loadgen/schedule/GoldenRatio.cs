namespace Pressure.LoadGen;

/// <summary>Spreads whole numbers evenly over a range, in step with nothing that is periodic: n times the golden ratio, its fractional part.</summary>
internal static class GoldenRatio
{
    // 2^64 divided by the golden ratio.
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>Number n's place among 0 to <paramref name="range"/> - 1; the first is 0.</summary>
    public static int Part(long n, int range) => (int)Math.BigMul((ulong)n * Step, (ulong)range, out _);
}
