using System.Buffers.Binary;

namespace Pressure.TrafficCopy;

/// <summary>Peels what lies between the wire and IP.</summary>
internal static class LinkLayers
{
    private const uint VlanKind = 1;
    private const int SmallestType = 0x600;
    private const int PriorityOnly = 0;

    /// <summary>A capture's outermost layer.</summary>
    public static Inside Peel(LinkType link, ref Layer layer) => link switch
    {
        LinkType.Ethernet => Inside.Ethernet,
        LinkType.LinuxSll => Sll(ref layer),
        LinkType.LinuxSll2 => Sll2(ref layer),
        LinkType.Null => Loopback(ref layer, inNetworkOrder: false),
        LinkType.Loop => Loopback(ref layer, inNetworkOrder: true),
        LinkType.Raw or LinkType.RawBsd or LinkType.RawOpenBsd => Inside.Ip,
        LinkType.Ipv4 => Inside.Ipv4,
        LinkType.Ipv6 => Inside.Ipv6,
        _ => Inside.UnknownLink,
    };

    /// <summary>Ethernet II, or 802.3 with a length instead of a type.</summary>
    public static Inside Ethernet(ref Layer layer)
    {
        const int header = 14;
        if (!layer.Has(header))
            return layer.Lacks(header);
        var type = layer.Two(12);
        layer.Strip(header);
        return OfTypeOrLength(type, layer.Length);
    }

    /// <summary>802.2: with SNAP it has a type, else it is nothing that carries IP today.</summary>
    public static Inside Llc(ref Layer layer)
    {
        const int header = 8;
        if (!layer.Has(3))
            return layer.Lacks(3);
        if (layer.Data is not [0xAA, 0xAA, 3, ..])
            return Inside.NotIp;
        if (!layer.Has(header))
            return layer.Lacks(header);
        var type = layer.Two(6);
        layer.Strip(header);
        return type >= SmallestType ? OfType(type) : Inside.NotIp;
    }

    /// <summary>A VLAN's tag; one inside another follows as the next layer.</summary>
    public static Inside Vlan(ref Layer layer)
    {
        const int header = 4;
        if (!layer.Has(header))
            return layer.Lacks(header);
        var id = layer.Two(0) & 0xFFF;
        var type = layer.Two(2);
        layer.Strip(header);
        if (id != PriorityOnly)
            layer.Enter((uint)id, VlanKind);
        return OfTypeOrLength(type, layer.Length);
    }

    /// <summary>
    /// The whole stack of labels. They tell ways, of which each direction has its own, so they name no network. What is inside is not said: IP shows by
    /// its version, and a first nibble of 0 is a pseudowire's control word with Ethernet behind it.
    /// </summary>
    public static Inside Mpls(ref Layer layer)
    {
        const int label = 4;
        while (true)
        {
            if (!layer.Has(label))
                return layer.Lacks(label);
            var last = (layer.Data[2] & 1) != 0;
            layer.Strip(label);
            if (last)
                break;
        }
        if (!layer.Has(1))
            return layer.Lacks(1);
        switch (layer.Data[0] >> 4)
        {
            case 4:
                return Inside.Ipv4;
            case 6:
                return Inside.Ipv6;
            case 0:
                layer.Strip(4);
                return Inside.Ethernet;
            default:
                return Inside.UnknownLink;
        }
    }

    /// <summary>A PPPoE session with PPP inside, whose protocol may be shortened to one byte.</summary>
    public static Inside Pppoe(ref Layer layer)
    {
        const int header = 6;
        if (!layer.Has(header + 2))
            return layer.Lacks(header + 2);
        if (layer.Data[0] != 0x11 || layer.Data[1] != 0)
            return Inside.Malformed;
        var length = layer.Two(4);
        layer.Strip(header);
        if (length < 2)
            return Inside.Malformed;
        var shortened = (layer.Data[0] & 1) != 0;
        var protocol = shortened ? layer.Data[0] : layer.Two(0);
        layer.Strip(shortened ? 1 : 2);
        return protocol switch
        {
            0x0021 => Inside.Ipv4,
            0x0057 => Inside.Ipv6,
            0x0281 => Inside.Mpls,
            _ => Inside.NotIp,
        };
    }

    /// <summary>What an EtherType says.</summary>
    public static Inside OfType(int type) => type switch
    {
        0x0800 => Inside.Ipv4,
        0x86DD => Inside.Ipv6,
        0x8100 or 0x88A8 or 0x9100 or 0x9200 or 0x9300 => Inside.Vlan,
        0x8847 or 0x8848 => Inside.Mpls,
        0x8864 => Inside.Pppoe,
        0x6558 => Inside.Ethernet,
        _ => Inside.NotIp,
    };

    // Padding behind that length is of no concern: IP has a length of its own.
    private static Inside OfTypeOrLength(int type, long left)
    {
        if (type >= SmallestType)
            return OfType(type);
        return type > left ? Inside.Malformed : Inside.Llc;
    }

    private static Inside Sll(ref Layer layer)
    {
        const int header = 16;
        if (!layer.Has(header))
            return layer.Lacks(header);
        var (hardware, protocol) = (layer.Two(2), layer.Two(14));
        layer.Strip(header);
        return OfCooked(hardware, protocol);
    }

    private static Inside Sll2(ref Layer layer)
    {
        const int header = 20;
        if (!layer.Has(header))
            return layer.Lacks(header);
        var (protocol, hardware) = (layer.Two(0), layer.Two(8));
        layer.Strip(header);
        return OfCooked(hardware, protocol);
    }

    // Netlink's messages and radio's frames have protocols of their own.
    private static Inside OfCooked(int hardware, int protocol)
    {
        const int netlink = 824, relay = 770, lineOfRadio = 803;
        const int llc = 4;
        if (hardware is netlink or relay or lineOfRadio)
            return Inside.NotIp;
        if (protocol == llc)
            return Inside.Llc;
        return protocol >= SmallestType ? OfType(protocol) : Inside.NotIp;
    }

    private static Inside Loopback(ref Layer layer, bool inNetworkOrder)
    {
        const int header = 4;
        if (!layer.Has(header))
            return layer.Lacks(header);
        var family = layer.Four(0);
        // Of whoever captured, either byte order; families are small numbers.
        if (!inNetworkOrder && family > 0xFFFF)
            family = BinaryPrimitives.ReverseEndianness(family);
        layer.Strip(header);
        return family switch
        {
            2 => Inside.Ipv4,
            // IPv6 has a number of its own on Linux, Windows, NetBSD and OpenBSD, FreeBSD, and macOS.
            10 or 23 or 24 or 28 or 30 => Inside.Ipv6,
            _ => Inside.NotIp,
        };
    }
}
