namespace Pressure.TrafficCopy;

/// <summary>What a layer turned out to have inside: another layer, or why nothing of it can be used.</summary>
internal enum Inside
{
    /// <summary>An Ethernet frame.</summary>
    Ethernet,

    /// <summary>IEEE 802.2: what 802.3 frames have instead of a type.</summary>
    Llc,

    /// <summary>A VLAN's tag.</summary>
    Vlan,

    /// <summary>MPLS labels.</summary>
    Mpls,

    /// <summary>A PPPoE session.</summary>
    Pppoe,

    /// <summary>IPv4 or IPv6, as the first nibble says.</summary>
    Ip,

    /// <summary>IPv4.</summary>
    Ipv4,

    /// <summary>IPv6.</summary>
    Ipv6,

    /// <summary>What IP carries, of the protocol noted in the layer.</summary>
    Transport,

    /// <summary>A fragment of what IP carries.</summary>
    Fragment,

    /// <summary>UDP, which may carry VXLAN or Geneve.</summary>
    Udp,

    /// <summary>GRE.</summary>
    Gre,

    /// <summary>TCP: where decoding gets to.</summary>
    Tcp,

    /// <summary>See <see cref="PacketFate.NotIp"/>.</summary>
    NotIp,

    /// <summary>See <see cref="PacketFate.NotTcp"/>.</summary>
    NotTcp,

    /// <summary>See <see cref="PacketFate.UnknownLink"/>.</summary>
    UnknownLink,

    /// <summary>See <see cref="PacketFate.Malformed"/>.</summary>
    Malformed,

    /// <summary>See <see cref="PacketFate.CutInHeaders"/>.</summary>
    CutInHeaders,
}
