using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Pressure.TrafficCopy;

/// <summary>Builds packets of Ethernet, IPv4 or IPv6, and TCP, with right lengths and checksums.</summary>
internal sealed class TcpPackets
{
    private const int Ethernet = 14;
    private const int Tcp = 20;
    private const int Mtu = 1500;

    private readonly byte[] _packet = new byte[Ethernet + Mtu];
    private ushort _id;

    /// <summary>Bytes of payload that fit into a packet between these addresses.</summary>
    public static int MostPayload(IPEndPoint from) => Mtu - Ip(from) - Tcp;

    /// <summary>Builds a packet; valid until the next one. A SYN says how much payload its sender takes.</summary>
    public ReadOnlySpan<byte> Build(IPEndPoint from, IPEndPoint to, uint sequence, uint acknowledged, TcpFlags flags, ReadOnlySpan<byte> payload)
    {
        var options = (flags & TcpFlags.Syn) != 0 ? 4 : 0;
        var ip = Ip(from);
        var tcp = _packet.AsSpan(Ethernet + ip, Tcp + options + payload.Length);
        Link(from, to);
        payload.CopyTo(tcp[(Tcp + options)..]);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], (ushort)to.Port);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], acknowledged);
        tcp[12] = (byte)((Tcp + options) / 4 << 4);
        tcp[13] = (byte)flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 0xFFFF);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[16..], 0);
        if (options > 0)
            BinaryPrimitives.WriteUInt32BigEndian(tcp[Tcp..], 0x02040000u | (uint)MostPayload(from));
        var addresses = Network(from, to, tcp.Length);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], Checksum(Sum(addresses) + (uint)tcp.Length + 6 + Sum(tcp)));
        return _packet.AsSpan(0, Ethernet + ip + tcp.Length);
    }

    private static int Ip(IPEndPoint from) => from.AddressFamily == AddressFamily.InterNetworkV6 ? 40 : 20;

    /// <summary>Addresses of no card (locally administered), the same for the same host.</summary>
    private void Link(IPEndPoint from, IPEndPoint to)
    {
        Span<byte> link = _packet.AsSpan(0, Ethernet);
        Card(to, link);
        Card(from, link[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(link[12..], (ushort)(Ip(from) == 20 ? 0x0800 : 0x86DD));
    }

    private static void Card(IPEndPoint host, Span<byte> card)
    {
        Span<byte> address = stackalloc byte[16];
        host.Address.TryWriteBytes(address, out var length);
        card[0] = 2;
        card[1] = 0;
        address[(length - 4)..length].CopyTo(card[2..]);
    }

    /// <summary>Writes the IP header, and gives the part with both addresses.</summary>
    private ReadOnlySpan<byte> Network(IPEndPoint from, IPEndPoint to, int length)
    {
        if (Ip(from) == 40)
        {
            var header = _packet.AsSpan(Ethernet, 40);
            BinaryPrimitives.WriteUInt32BigEndian(header, 6u << 28);
            BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)length);
            (header[6], header[7]) = (6, 64);
            from.Address.TryWriteBytes(header[8..], out _);
            to.Address.TryWriteBytes(header[24..], out _);
            return header[8..];
        }

        var ip = _packet.AsSpan(Ethernet, 20);
        (ip[0], ip[1]) = (0x45, 0);
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(20 + length));
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], _id++);
        // Not to be fragmented, 64 hops, TCP.
        BinaryPrimitives.WriteUInt32BigEndian(ip[6..], 0x4000_4006);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], 0);
        from.Address.TryWriteBytes(ip[12..], out _);
        to.Address.TryWriteBytes(ip[16..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(Sum(ip)));
        return ip[12..];
    }

    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0UL;
        for (; bytes.Length >= 2; bytes = bytes[2..])
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return bytes.IsEmpty ? sum : sum + ((ulong)bytes[0] << 8);
    }

    /// <summary>The Internet's checksum: ones' complement of the ones' complement sum.</summary>
    private static ushort Checksum(ulong sum)
    {
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
