namespace Pressure.Cluster;

/// <summary>Numbers that look random and are the same in every run, on every machine.</summary>
internal static class ReplayHash
{
    /// <summary>A number spread over all 64 bits (the finisher of splitmix64).</summary>
    public static ulong Of(ulong number)
    {
        number += 0x9E3779B97F4A7C15UL;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9UL;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EBUL;
        return number ^ (number >> 31);
    }

    /// <summary>Of several numbers, each of which matters, and their order.</summary>
    public static ulong Of(int seed, int capture, long connection = 0, long more = 0) =>
        Of(Of(Of(Of((ulong)(uint)seed) ^ (uint)capture) ^ (ulong)connection) ^ (ulong)more);

    /// <summary>Uniform in [0, 1).</summary>
    public static double Share(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));

    /// <summary>Which of several parts a client belongs to.</summary>
    public static int Part(long client, int parts) => parts == 1 ? 0 : (int)(Of((ulong)client) % (ulong)parts);
}
