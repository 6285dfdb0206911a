using System.Buffers.Binary;

namespace Pressure.TrafficCopy;

/// <summary>
/// Takes TCP segments out of packets: peels links, VLANs, labels, tunnels and IP, and puts fragments together. Counts every packet, and the fate of
/// those that hold no segment; the fate of the others is counted by whoever takes the segments. Allocates nothing per packet.
/// </summary>
/// <code>
/// Ethernet | SLL | SLL2 | NULL | raw -> (LLC, VLAN, MPLS, PPPoE)* -> IPv4 | IPv6 -> (fragments) -> TCP
///                                                                        ^------- (GRE | VXLAN | Geneve | IP in IP)
/// </code>
public sealed class PacketDecoder(ISegmentSink next, CaptureAccounts accounts) : IPacketSink
{
    // More layers than any network has; what goes on beyond is made to waste time.
    private const int MaxLayers = 32;

    private readonly FragmentStore _fragments = new(accounts);

    /// <inheritdoc/>
    public void Take(in CapturedPacket packet)
    {
        accounts.Packets++;
        var layer = new Layer { Data = packet.Data, Length = Math.Max(packet.Length, packet.Data.Length) };
        Decode(LinkLayers.Peel(packet.Link, ref layer), ref layer, packet.At, MaxLayers);
    }

    /// <summary>Gives up the fragments whose others have not come. Nothing comes after this.</summary>
    public void Flush() => _fragments.Flush();

    private void Decode(Inside inside, ref Layer layer, long at, int left)
    {
        var ofIpv6 = false;
        while (left-- > 0)
        {
            switch (inside)
            {
                case Inside.Ethernet:
                    inside = LinkLayers.Ethernet(ref layer);
                    break;
                case Inside.Ipv4:
                    ofIpv6 = false;
                    inside = IpLayers.Ipv4(ref layer);
                    break;
                case Inside.Transport:
                    inside = IpLayers.Transport(ref layer);
                    break;
                case Inside.Tcp:
                    TakeTcp(ref layer, at);
                    return;
                case Inside.Ipv6:
                    ofIpv6 = true;
                    inside = IpLayers.Ipv6(ref layer);
                    break;
                case Inside.Fragment:
                    TakeFragment(in layer, ofIpv6, at, left);
                    return;
                case < Inside.NotIp:
                    inside = PeelRarer(inside, ref layer);
                    break;
                default:
                    accounts.Count(FateOf(inside));
                    return;
            }
        }
        accounts.Count(PacketFate.UnknownLink);
    }

    private static Inside PeelRarer(Inside inside, ref Layer layer) => inside switch
    {
        Inside.Llc => LinkLayers.Llc(ref layer),
        Inside.Vlan => LinkLayers.Vlan(ref layer),
        Inside.Mpls => LinkLayers.Mpls(ref layer),
        Inside.Pppoe => LinkLayers.Pppoe(ref layer),
        Inside.Ip => IpLayers.Either(ref layer),
        Inside.Udp => TunnelLayers.Udp(ref layer),
        Inside.Gre => TunnelLayers.Gre(ref layer),
        _ => throw new InvalidOperationException($"{inside} is no layer to peel."),
    };

    private static PacketFate FateOf(Inside inside) => inside switch
    {
        Inside.NotIp => PacketFate.NotIp,
        Inside.NotTcp => PacketFate.NotTcp,
        Inside.UnknownLink => PacketFate.UnknownLink,
        Inside.Malformed => PacketFate.Malformed,
        Inside.CutInHeaders => PacketFate.CutInHeaders,
        _ => throw new InvalidOperationException($"{inside} is no end."),
    };

    private void TakeFragment(in Layer layer, bool ofIpv6, long at, int left)
    {
        using var whole = _fragments.Take(in layer, ofIpv6, at);
        if (whole is null)
            return;
        var joined = layer;
        joined.Data = whole.Bytes;
        joined.Length = whole.Bytes.Length;
        joined.Protocol = whole.Protocol;
        Decode(Inside.Transport, ref joined, at, left);
    }

    private void TakeTcp(ref Layer layer, long at)
    {
        const int smallest = 20;
        var data = layer.Data;
        if (data.Length < smallest)
        {
            accounts.Count(FateOf(layer.Lacks(smallest)));
            return;
        }
        var header = (data[12] >> 4) * 4;
        if (header < smallest || header > layer.Length)
        {
            accounts.Count(PacketFate.Malformed);
            return;
        }
        // Options may be cut off: they are not needed.
        next.Take(new TcpSegment
        {
            At = at,
            Flow = new FlowKey(layer.FromHigh, layer.FromLow, layer.ToHigh, layer.ToLow, BinaryPrimitives.ReadUInt32BigEndian(data), layer.Network),
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(data[4..]),
            Acknowledged = BinaryPrimitives.ReadUInt32BigEndian(data[8..]),
            Flags = (TcpFlags)(data[13] & 0x1F),
            Payload = data[Math.Min(header, data.Length)..],
            PayloadLength = (int)(layer.Length - header),
            IpId = layer.IpId,
        });
    }
}
