namespace Pressure.TrafficCopy;

/// <summary>Peels tunnels: whole frames or packets inside UDP and GRE.</summary>
internal static class TunnelLayers
{
    private const uint VxlanKind = 2, GeneveKind = 3, GreKind = 4;

    /// <summary>UDP: VXLAN and Geneve by their ports, else nothing of interest.</summary>
    public static Inside Udp(ref Layer layer)
    {
        const int header = 8;
        if (!layer.Has(header))
            return layer.Lacks(header);
        var port = layer.Two(2);
        layer.Strip(header);
        return port switch
        {
            // 8472 is what Linux took before there was a number for it, and what many overlays still take.
            4789 or 8472 => Vxlan(ref layer),
            6081 => Geneve(ref layer),
            _ => Inside.NotTcp,
        };
    }

    /// <summary>GRE, version 0: IP, MPLS, bridged Ethernet, or what a switch mirrors (ERSPAN).</summary>
    public static Inside Gre(ref Layer layer)
    {
        const int hasChecksum = 0x8000, hasRouting = 0x4000, hasKey = 0x2000, hasSequence = 0x1000, version = 7;
        if (!layer.Has(4))
            return layer.Lacks(4);
        var (flags, type) = (layer.Two(0), layer.Two(2));
        if ((flags & (hasRouting | version)) != 0)
            return Inside.UnknownLink;
        var key = 4 + ((flags & hasChecksum) != 0 ? 4 : 0);
        var header = key + ((flags & hasKey) != 0 ? 4 : 0) + ((flags & hasSequence) != 0 ? 4 : 0);
        if (!layer.Has(header))
            return layer.Lacks(header);
        if ((flags & hasKey) != 0)
            layer.Enter(layer.Four(key), GreKind);
        layer.Strip(header);
        return type switch
        {
            0x88BE => Mirrored(ref layer, (flags & hasSequence) != 0 ? 8 : 0),
            0x22EB => MirroredAnew(ref layer),
            _ => LinkLayers.OfType(type),
        };
    }

    // The bit that says that there is a network's number, and nothing where nothing may be: else it is something else on the same port.
    private static Inside Vxlan(ref Layer layer)
    {
        const int header = 8;
        if (!layer.Has(header))
            return Inside.NotTcp;
        if (layer.Data is not [8, 0, 0, 0, _, _, _, 0, ..])
            return Inside.NotTcp;
        layer.Enter(layer.Four(4) >> 8, VxlanKind);
        layer.Strip(header);
        return Inside.Ethernet;
    }

    private static Inside Geneve(ref Layer layer)
    {
        const int smallest = 8;
        if (!layer.Has(smallest) || layer.Data[0] >> 6 != 0)
            return Inside.NotTcp;
        var header = smallest + (layer.Data[0] & 0x3F) * 4;
        var type = layer.Two(2);
        if (!layer.Has(header))
            return layer.Lacks(header);
        layer.Enter(layer.Four(4) >> 8, GeneveKind);
        layer.Strip(header);
        return LinkLayers.OfType(type);
    }

    // The mirroring session is no network: it says who captured, not who spoke.
    private static Inside Mirrored(ref Layer layer, int header)
    {
        if (!layer.Has(header))
            return layer.Lacks(header);
        layer.Strip(header);
        return Inside.Ethernet;
    }

    private static Inside MirroredAnew(ref Layer layer)
    {
        const int smallest = 12, more = 8;
        if (!layer.Has(smallest))
            return layer.Lacks(smallest);
        return Mirrored(ref layer, smallest + ((layer.Data[11] & 1) != 0 ? more : 0));
    }
}
