using System.Buffers.Binary;

namespace Pressure.TrafficCopy;

/// <summary>Peels IP and IPv6 with its extension headers.</summary>
internal static class IpLayers
{
    /// <summary>Protocol numbers (www.iana.org/assignments/protocol-numbers).</summary>
    private const int HopByHop = 0, Ip = 4, Tcp = 6, Udp = 17, Ipv6InIp = 41, Routing = 43, FragmentHeader = 44, Gre = 47, Authentication = 51,
        Destination = 60, MplsInIp = 137, Mobility = 135, HostIdentity = 139, Shim = 140;

    // What a network card cuts up itself passes in one piece, without a length; the kernel makes none longer than this.
    private const int MaxOffloaded = 1 << 20;

    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    /// <summary>IPv4 or IPv6, as the first nibble says.</summary>
    public static Inside Either(ref Layer layer)
    {
        if (!layer.Has(1))
            return layer.Lacks(1);
        return (layer.Data[0] >> 4) switch
        {
            4 => Inside.Ipv4,
            6 => Inside.Ipv6,
            _ => Inside.NotIp,
        };
    }

    /// <summary>IPv4.</summary>
    public static Inside Ipv4(ref Layer layer)
    {
        const int smallest = 20;
        if (!layer.Has(smallest))
            return layer.Lacks(smallest);
        var data = layer.Data;
        var header = (data[0] & 0xF) * 4;
        var total = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        if (data[0] >> 4 != 4 || header < smallest)
            return Inside.Malformed;
        if (total == 0 ? layer.Length is var all && (all < header || all > MaxOffloaded) : total < header)
            return Inside.Malformed;
        if (total != 0)
            layer.Resize(total);
        if (!layer.Has(header))
            return layer.Lacks(header);
        (layer.FromHigh, layer.ToHigh) = (0, 0);
        layer.FromLow = MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(data[12..]);
        layer.ToLow = MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(data[16..]);
        layer.Protocol = data[9];
        layer.IpId = BinaryPrimitives.ReadUInt16BigEndian(data[4..]);
        var fragment = BinaryPrimitives.ReadUInt16BigEndian(data[6..]);
        layer.Strip(header);
        if ((fragment & 0x3FFF) == 0)
            return Inside.Transport;
        layer.FragmentId = BinaryPrimitives.ReadUInt16BigEndian(data[4..]);
        layer.FragmentOffset = (fragment & 0x1FFF) * 8;
        layer.MoreFragments = (fragment & 0x2000) != 0;
        return Inside.Fragment;
    }

    /// <summary>IPv6. Its extension headers are peeled with what it carries.</summary>
    public static Inside Ipv6(ref Layer layer)
    {
        const int header = 40;
        if (!layer.Has(header))
            return layer.Lacks(header);
        var data = layer.Data;
        if (data[0] >> 4 != 6)
            return Inside.Malformed;
        var length = BinaryPrimitives.ReadUInt16BigEndian(data[4..]);
        if (length != 0)
            layer.Resize(header + length);
        else if (layer.Length > MaxOffloaded)
            return Inside.Malformed;
        layer.FromHigh = BinaryPrimitives.ReadUInt64BigEndian(data[8..]);
        layer.FromLow = BinaryPrimitives.ReadUInt64BigEndian(data[16..]);
        layer.ToHigh = BinaryPrimitives.ReadUInt64BigEndian(data[24..]);
        layer.ToLow = BinaryPrimitives.ReadUInt64BigEndian(data[32..]);
        layer.Protocol = data[6];
        layer.IpId = 0;
        layer.Strip(header);
        return Inside.Transport;
    }

    /// <summary>What IP carries: TCP, a tunnel, or an extension header with more behind it.</summary>
    public static Inside Transport(ref Layer layer)
    {
        while (true)
        {
            switch (layer.Protocol)
            {
                case Tcp:
                    return Inside.Tcp;
                case Udp:
                    return Inside.Udp;
                case Gre:
                    return Inside.Gre;
                case Ip:
                    return Inside.Ipv4;
                case Ipv6InIp:
                    return Inside.Ipv6;
                case MplsInIp:
                    return Inside.Mpls;
                case FragmentHeader:
                    return Fragment(ref layer);
                case HopByHop or Routing or Destination or Mobility or HostIdentity or Shim or Authentication:
                    if (Extension(ref layer) is { } wrong)
                        return wrong;
                    break;
                default:
                    return Inside.NotTcp;
            }
        }
    }

    private static Inside? Extension(ref Layer layer)
    {
        const int smallest = 8;
        if (!layer.Has(smallest))
            return layer.Lacks(smallest);
        var header = layer.Protocol == Authentication ? (layer.Data[1] + 2) * 4 : (layer.Data[1] + 1) * 8;
        if (!layer.Has(header))
            return layer.Lacks(header);
        layer.Protocol = layer.Data[0];
        layer.Strip(header);
        return null;
    }

    private static Inside Fragment(ref Layer layer)
    {
        const int header = 8;
        if (!layer.Has(header))
            return layer.Lacks(header);
        layer.Protocol = layer.Data[0];
        layer.FragmentOffset = layer.Two(2) & 0xFFF8;
        layer.MoreFragments = (layer.Data[3] & 1) != 0;
        layer.FragmentId = layer.Four(4);
        layer.Strip(header);
        // Some send whole datagrams with this header.
        return layer is { FragmentOffset: 0, MoreFragments: false } ? Inside.Transport : Inside.Fragment;
    }
}
