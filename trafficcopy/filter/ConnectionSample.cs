namespace Pressure.TrafficCopy;

/// <summary>Samples whole connections: the same ones for the same seed, whatever else is in the capture, and more of them contain fewer.</summary>
public static class ConnectionSample
{
    /// <summary>Whether a connection is in a sample.</summary>
    /// <param name="connection">Its number.</param>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="seed">Another seed, another sample.</param>
    public static bool Takes(long connection, double share, ulong seed) => (Mix((ulong)connection ^ Mix(seed)) >> 11) * (1.0 / (1L << 53)) < share;

    // SplitMix64's finaliser: neighbours end far apart.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
