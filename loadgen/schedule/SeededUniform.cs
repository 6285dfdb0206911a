namespace Pressure.LoadGen;

/// <summary>Uniform numbers in (0, 1] as a pure function of a seed and two counters.</summary>
internal static class SeededUniform
{
    public static double At(int seed, long stream, long index) => ((Bits(seed, stream, index) >> 11) + 1) * (1.0 / (1UL << 53));

    /// <summary>64 uniform bits.</summary>
    public static ulong Bits(int seed, long stream, long index) => Mixed(Mixed(Mixed((uint)seed) + (ulong)stream) + (ulong)index);

    /// <summary>SplitMix64's step (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).</summary>
    private static ulong Mixed(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
