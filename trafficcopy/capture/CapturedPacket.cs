namespace Pressure.TrafficCopy;

/// <summary>One packet as it was captured; valid during the call that hands it over.</summary>
/// <param name="at">When, in nanoseconds since 1970 (UTC).</param>
/// <param name="link">What its first byte belongs to.</param>
/// <param name="data">What was kept of it: at most the capture's snap length.</param>
/// <param name="length">How long it was on the wire; below <paramref name="data"/>'s only in files that are wrong.</param>
public readonly ref struct CapturedPacket(long at, LinkType link, ReadOnlySpan<byte> data, long length)
{
    /// <summary>When, in nanoseconds since 1970 (UTC).</summary>
    public long At { get; } = at;

    /// <summary>What its first byte belongs to.</summary>
    public LinkType Link { get; } = link;

    /// <summary>What was kept of it.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>How long it was on the wire.</summary>
    public long Length { get; } = length;
}

/// <summary>Takes packets in the order in which they were captured.</summary>
public interface IPacketSink
{
    /// <summary>Takes a packet; nothing of it may be kept without copying it.</summary>
    void Take(in CapturedPacket packet);
}

/// <summary>Takes secrets that a capture holds beside its packets (pcapng's decryption secrets block).</summary>
public interface ISecretsSink
{
    /// <summary>Takes lines in the format of NSS key logs (<c>SSLKEYLOGFILE</c>).</summary>
    void TakeKeyLog(ReadOnlySpan<byte> text);
}

/// <summary>Link layers that can be read; the numbers are those of pcap files (www.tcpdump.org/linktypes.html).</summary>
public enum LinkType
{
    /// <summary>BSD loopback: address family in the host's byte order.</summary>
    Null = 0,

    /// <summary>Ethernet.</summary>
    Ethernet = 1,

    /// <summary>IPv4 or IPv6, told by its first nibble, as some systems number it.</summary>
    RawBsd = 12,

    /// <summary>IPv4 or IPv6, told by its first nibble.</summary>
    Raw = 101,

    /// <summary>IPv4 or IPv6, told by its first nibble, as OpenBSD numbers it.</summary>
    RawOpenBsd = 14,

    /// <summary>OpenBSD loopback: address family in network byte order.</summary>
    Loop = 108,

    /// <summary>Linux "any", version 1.</summary>
    LinuxSll = 113,

    /// <summary>IPv4.</summary>
    Ipv4 = 228,

    /// <summary>IPv6.</summary>
    Ipv6 = 229,

    /// <summary>Linux "any", version 2.</summary>
    LinuxSll2 = 276,
}
