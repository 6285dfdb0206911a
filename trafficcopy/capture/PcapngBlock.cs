namespace Pressure.TrafficCopy;

/// <summary>Types of pcapng's blocks.</summary>
internal static class PcapngBlock
{
    /// <summary>A section begins; the same in both byte orders.</summary>
    public const uint Section = 0x0A0D0D0A;

    /// <summary>An interface.</summary>
    public const uint Interface = 1;

    /// <summary>A packet, as it was written long ago.</summary>
    public const uint OldPacket = 2;

    /// <summary>A packet without a time, of the first interface.</summary>
    public const uint SimplePacket = 3;

    /// <summary>Names of addresses.</summary>
    public const uint Names = 4;

    /// <summary>What an interface counted.</summary>
    public const uint Statistics = 5;

    /// <summary>A packet.</summary>
    public const uint Packet = 6;

    /// <summary>Keys to decrypt with.</summary>
    public const uint Secrets = 10;

    private const uint Journal = 9;
    private const uint Custom = 0x0000_0BAD;
    private const uint CustomNotToCopy = 0x4000_0BAD;

    /// <summary>Whether it is one that files have.</summary>
    public static bool IsKnown(uint type) => type is > 0 and <= 10 or Section or Custom or CustomNotToCopy;

    /// <summary>Whether it may be longer than any packet.</summary>
    public static bool MayBeLong(uint type) => type is Names or Journal or Secrets or Custom or CustomNotToCopy;
}
