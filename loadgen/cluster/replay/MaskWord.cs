namespace Pressure.Cluster;

/// <summary>Tells what was masked when traffic was captured.</summary>
internal static class MaskWord
{
    /// <summary>Whether a value holds a mask.</summary>
    public static bool IsIn(ReadOnlySpan<byte> value) => value.IndexOf("***"u8) >= 0;
}
