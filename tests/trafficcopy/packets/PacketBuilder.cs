using System.Buffers.Binary;
using System.Net;

namespace Pressure.TrafficCopy.Tests;

/// <summary>
/// Bytes of packets, layer by layer from the inside out; each layer takes the bytes of what it carries.
/// </summary>
/// <code>
/// var frame = PacketBuilder.Ethernet(0x0800, PacketBuilder.Ipv4("10.0.0.1", "10.0.0.2", 6, PacketBuilder.Tcp(40000, 80, sequence: 1, payload: "GET / ..."u8)));
/// var same = PacketBuilder.TcpFrame("10.0.0.1:40000", "10.0.0.2:80", sequence: 1, payload: "GET / ..."u8);
/// </code>
public static class PacketBuilder
{
    public const int TypeIpv4 = 0x0800;
    public const int TypeIpv6 = 0x86DD;
    public const int TypeArp = 0x0806;
    public const int TypeVlan = 0x8100;
    public const int TypeQinQ = 0x88A8;
    public const int TypeMpls = 0x8847;
    public const int TypePppoe = 0x8864;
    public const int TypeBridged = 0x6558;

    public const int ProtocolIpv4 = 4;
    public const int ProtocolTcp = 6;
    public const int ProtocolUdp = 17;
    public const int ProtocolIpv6 = 41;
    public const int ProtocolGre = 47;

    /// <summary>A TCP segment in an Ethernet frame; both ends as <c>10.0.0.1:80</c> or <c>[::1]:80</c>.</summary>
    public static byte[] TcpFrame(string from, string to, uint sequence = 1, uint acknowledged = 1, TcpFlags flags = TcpFlags.Ack, ReadOnlySpan<byte> payload = default)
    {
        var packet = TcpPacket(from, to, sequence, acknowledged, flags, payload);
        return Ethernet(packet[0] >> 4 == 4 ? TypeIpv4 : TypeIpv6, packet);
    }

    /// <summary>The same without Ethernet: an IP packet.</summary>
    public static byte[] TcpPacket(string from, string to, uint sequence = 1, uint acknowledged = 1, TcpFlags flags = TcpFlags.Ack, ReadOnlySpan<byte> payload = default)
    {
        var (sender, receiver) = (IPEndPoint.Parse(from), IPEndPoint.Parse(to));
        return Ip(sender.Address.ToString(), receiver.Address.ToString(), ProtocolTcp, Tcp(sender.Port, receiver.Port, sequence, acknowledged, flags, payload));
    }

    /// <summary>TCP; options are filled up to whole words.</summary>
    public static byte[] Tcp(int from, int to, uint sequence = 1, uint acknowledged = 1, TcpFlags flags = TcpFlags.Ack, ReadOnlySpan<byte> payload = default, byte[]? options = null)
    {
        var header = 20 + Words(options);
        var bytes = new byte[header + payload.Length];
        Write16(bytes, 0, from);
        Write16(bytes, 2, to);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), acknowledged);
        bytes[12] = (byte)(header / 4 << 4);
        bytes[13] = (byte)flags;
        Write16(bytes, 14, 65_535);
        options?.CopyTo(bytes, 20);
        payload.CopyTo(bytes.AsSpan(header));
        return bytes;
    }

    /// <summary>UDP.</summary>
    public static byte[] Udp(int from, int to, byte[] payload)
    {
        var header = new byte[8];
        Write16(header, 0, from);
        Write16(header, 2, to);
        Write16(header, 4, 8 + payload.Length);
        return [.. header, .. payload];
    }

    /// <summary>IPv4 or IPv6, as the addresses are.</summary>
    public static byte[] Ip(string from, string to, int protocol, byte[] payload) => from.Contains(':') ? Ipv6(from, to, protocol, payload) : Ipv4(from, to, protocol, payload);

    /// <summary>
    /// IPv4 with a right checksum. A fragment has an <paramref name="offset"/> (in bytes, by 8) or <paramref name="more"/> to come;
    /// <paramref name="length"/> is what the header says (0 as with segmentation offload).
    /// </summary>
    public static byte[] Ipv4(string from, string to, int protocol, byte[] payload, int id = 0, int offset = 0, bool more = false, int? length = null, byte[]? options = null)
    {
        var header = new byte[20 + Words(options)];
        header[0] = (byte)(0x40 | header.Length / 4);
        Write16(header, 2, length ?? header.Length + payload.Length);
        Write16(header, 4, id);
        Write16(header, 6, offset / 8 | (more ? 0x2000 : 0));
        (header[8], header[9]) = (64, (byte)protocol);
        IPAddress.Parse(from).GetAddressBytes().CopyTo(header, 12);
        IPAddress.Parse(to).GetAddressBytes().CopyTo(header, 16);
        options?.CopyTo(header, 20);
        Write16(header, 10, Checksum(header));
        return [.. header, .. payload];
    }

    /// <summary>IPv6; <paramref name="length"/> is what the header says.</summary>
    public static byte[] Ipv6(string from, string to, int next, byte[] payload, int? length = null)
    {
        var header = new byte[40];
        header[0] = 0x60;
        Write16(header, 4, length ?? payload.Length);
        (header[6], header[7]) = ((byte)next, 64);
        IPAddress.Parse(from).GetAddressBytes().CopyTo(header, 8);
        IPAddress.Parse(to).GetAddressBytes().CopyTo(header, 24);
        return [.. header, .. payload];
    }

    /// <summary>An IPv6 extension header of that many words of 8 bytes (hop-by-hop 0, routing 43, destination 60).</summary>
    public static byte[] Extension(int next, byte[] payload, int words = 1)
    {
        var header = new byte[8 * words];
        (header[0], header[1]) = ((byte)next, (byte)(words - 1));
        return [.. header, .. payload];
    }

    /// <summary>An IPv6 fragment header (44).</summary>
    public static byte[] FragmentHeader(int next, uint id, int offset, bool more, byte[] payload)
    {
        var header = new byte[8];
        header[0] = (byte)next;
        Write16(header, 2, offset | (more ? 1 : 0));
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), id);
        return [.. header, .. payload];
    }

    /// <summary>IPsec's authentication header (51), with a check value of 12 bytes.</summary>
    public static byte[] Authentication(int next, byte[] payload)
    {
        var header = new byte[24];
        (header[0], header[1]) = ((byte)next, 4);
        return [.. header, .. payload];
    }

    /// <summary>Ethernet II.</summary>
    public static byte[] Ethernet(int type, byte[] payload) => [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, .. Big16(type), .. payload];

    /// <summary>802.3 with LLC and SNAP.</summary>
    public static byte[] Snap(int type, byte[] payload) => Ethernet(8 + payload.Length, [0xAA, 0xAA, 3, 0, 0, 0, .. Big16(type), .. payload]);

    /// <summary>A VLAN's tag, after the type that announces it.</summary>
    public static byte[] Tag(int id, int type, byte[] payload) => [.. Big16(id), .. Big16(type), .. payload];

    /// <summary>A frame in a VLAN.</summary>
    public static byte[] Vlan(int id, int type, byte[] payload) => Ethernet(TypeVlan, Tag(id, type, payload));

    /// <summary>One MPLS label, after its type or another label.</summary>
    public static byte[] Label(int label, bool last, byte[] payload) => [(byte)(label >> 12), (byte)(label >> 4), (byte)(label << 4 | (last ? 1 : 0)), 64, .. payload];

    /// <summary>A PPPoE session's header with PPP's protocol (IPv4 0x0021, IPv6 0x0057).</summary>
    public static byte[] Pppoe(int protocol, byte[] payload) => [0x11, 0, 0, 7, .. Big16(payload.Length + 2), .. Big16(protocol), .. payload];

    /// <summary>Linux "any", version 1.</summary>
    public static byte[] Sll(int protocol, byte[] payload, int hardware = 1) => [0, 4, .. Big16(hardware), 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, .. Big16(protocol), .. payload];

    /// <summary>Linux "any", version 2.</summary>
    public static byte[] Sll2(int protocol, byte[] payload, int device = 1, int hardware = 1) =>
        [.. Big16(protocol), 0, 0, 0, 0, 0, (byte)device, .. Big16(hardware), 4, 6, 2, 0, 0, 0, 0, 1, 0, 0, .. payload];

    /// <summary>BSD loopback; <paramref name="big"/> as on machines with that byte order.</summary>
    public static byte[] Loopback(int family, bool big, byte[] payload) => big ? [0, 0, 0, (byte)family, .. payload] : [(byte)family, 0, 0, 0, .. payload];

    /// <summary>VXLAN around an Ethernet frame, to be carried by UDP to 4789.</summary>
    public static byte[] Vxlan(int network, byte[] frame) => [8, 0, 0, 0, (byte)(network >> 16), (byte)(network >> 8), (byte)network, 0, .. frame];

    /// <summary>GRE; checksum, key and sequence when given.</summary>
    public static byte[] Gre(int type, byte[] payload, int? checksum = null, uint? key = null, uint? sequence = null)
    {
        List<byte> bytes = [(byte)((checksum is null ? 0 : 0x80) | (key is null ? 0 : 0x20) | (sequence is null ? 0 : 0x10)), 0, .. Big16(type)];
        if (checksum is { } sum)
            bytes.AddRange([.. Big16(sum), 0, 0]);
        if (key is { } number)
            bytes.AddRange([.. Big16((int)(number >> 16)), .. Big16((int)(number & 0xFFFF))]);
        if (sequence is { } count)
            bytes.AddRange([.. Big16((int)(count >> 16)), .. Big16((int)(count & 0xFFFF))]);
        return [.. bytes, .. payload];
    }

    /// <summary>Two bytes in network order.</summary>
    public static byte[] Big16(int value) => [(byte)(value >> 8), (byte)value];

    private static int Words(byte[]? options) => ((options?.Length ?? 0) + 3) / 4 * 4;

    private static void Write16(byte[] bytes, int at, int value) => BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)value);

    private static int Checksum(byte[] header)
    {
        var sum = 0;
        for (var i = 0; i < header.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(i));
        while (sum >> 16 != 0)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return ~sum & 0xFFFF;
    }
}
