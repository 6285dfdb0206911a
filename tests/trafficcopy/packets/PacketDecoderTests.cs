using static Pressure.TrafficCopy.Tests.PacketBuilder;

namespace Pressure.TrafficCopy.Tests;

public class PacketDecoderTests
{
    private const string Four = "four", Six = "six";

    private static readonly byte[] V4 = TcpPacket("10.0.0.1:40000", "10.0.0.2:80", 7, 9, TcpFlags.Ack | TcpFlags.Psh, "hello"u8);
    private static readonly byte[] V6 = TcpPacket("[fd00::1]:40000", "[fd00::2]:80", 7, 9, TcpFlags.Ack | TcpFlags.Psh, "hello"u8);
    private static readonly byte[] Frame4 = Ethernet(TypeIpv4, V4);

    public static TheoryData<string, LinkType, string, byte[]> Ways { get; } = new()
    {
        { "Ethernet", LinkType.Ethernet, Four, Frame4 },
        { "Ethernet, IPv6", LinkType.Ethernet, Six, Ethernet(TypeIpv6, V6) },
        { "Ethernet with padding", LinkType.Ethernet, Four, [.. Frame4, .. new byte[40]] },
        { "802.3 with SNAP", LinkType.Ethernet, Four, Snap(TypeIpv4, V4) },
        { "802.3 with SNAP and padding", LinkType.Ethernet, Four, [.. Snap(TypeIpv4, V4), .. new byte[9]] },
        { "a priority tag", LinkType.Ethernet, Four, Vlan(0, TypeIpv4, V4) },
        { "MPLS", LinkType.Ethernet, Four, Ethernet(TypeMpls, Label(16, true, V4)) },
        { "three MPLS labels, IPv6", LinkType.Ethernet, Six, Ethernet(TypeMpls, Label(16, false, Label(1_000_000, false, Label(2, true, V6)))) },
        { "Ethernet over MPLS", LinkType.Ethernet, Four, Ethernet(TypeMpls, Label(16, true, [0, 0, 0, 1, .. Frame4])) },
        { "PPPoE", LinkType.Ethernet, Four, Ethernet(TypePppoe, Pppoe(0x0021, V4)) },
        { "PPPoE with padding, IPv6", LinkType.Ethernet, Six, [.. Ethernet(TypePppoe, Pppoe(0x0057, V6)), 0, 0] },
        { "PPPoE with a short protocol", LinkType.Ethernet, Four, Ethernet(TypePppoe, [0x11, 0, 0, 7, .. Big16(V4.Length + 1), 0x21, .. V4]) },
        { "SLL", LinkType.LinuxSll, Four, Sll(TypeIpv4, V4) },
        { "SLL of loopback, IPv6", LinkType.LinuxSll, Six, Sll(TypeIpv6, V6, hardware: 772) },
        { "SLL2", LinkType.LinuxSll2, Four, Sll2(TypeIpv4, V4) },
        { "SLL2, IPv6", LinkType.LinuxSll2, Six, Sll2(TypeIpv6, V6) },
        { "NULL of a little machine", LinkType.Null, Four, Loopback(2, false, V4) },
        { "NULL of a big machine", LinkType.Null, Four, Loopback(2, true, V4) },
        { "NULL, IPv6 on Linux", LinkType.Null, Six, Loopback(10, false, V6) },
        { "NULL, IPv6 on Windows", LinkType.Null, Six, Loopback(23, false, V6) },
        { "NULL, IPv6 on NetBSD", LinkType.Null, Six, Loopback(24, true, V6) },
        { "NULL, IPv6 on FreeBSD", LinkType.Null, Six, Loopback(28, false, V6) },
        { "NULL, IPv6 on macOS", LinkType.Null, Six, Loopback(30, false, V6) },
        { "LOOP", LinkType.Loop, Four, Loopback(2, true, V4) },
        { "LOOP, IPv6", LinkType.Loop, Six, Loopback(24, true, V6) },
        { "raw", LinkType.Raw, Four, V4 },
        { "raw, IPv6", LinkType.Raw, Six, V6 },
        { "raw as BSD numbers it", LinkType.RawBsd, Six, V6 },
        { "raw as OpenBSD numbers it", LinkType.RawOpenBsd, Four, V4 },
        { "raw IPv4", LinkType.Ipv4, Four, V4 },
        { "raw IPv6", LinkType.Ipv6, Six, V6 },
        { "IPv4 with options", LinkType.Raw, Four, Ipv4("10.0.0.1", "10.0.0.2", ProtocolTcp, V4[20..], options: [7, 7, 4, 0, 0, 0, 0]) },
        { "IPv4 whose card cuts it up itself", LinkType.Raw, Four, Ipv4("10.0.0.1", "10.0.0.2", ProtocolTcp, V4[20..], length: 0) },
        { "IPv6 whose card cuts it up itself", LinkType.Raw, Six, Ipv6("fd00::1", "fd00::2", ProtocolTcp, V6[40..], length: 0) },
        { "IPv4 in IPv4", LinkType.Raw, Four, Ipv4("1.1.1.1", "1.1.1.2", ProtocolIpv4, V4) },
        { "IPv6 in IPv4", LinkType.Raw, Six, Ipv4("1.1.1.1", "1.1.1.2", ProtocolIpv6, V6) },
        { "IPv4 in IPv6", LinkType.Raw, Four, Ipv6("fd00::8", "fd00::9", ProtocolIpv4, V4) },
        { "GRE", LinkType.Raw, Four, Ipv4("1.1.1.1", "1.1.1.2", ProtocolGre, Gre(TypeIpv4, V4)) },
        { "GRE with checksum and sequence", LinkType.Raw, Six, Ipv4("1.1.1.1", "1.1.1.2", ProtocolGre, Gre(TypeIpv6, V6, checksum: 1, sequence: 2)) },
        { "GRE with bridged Ethernet", LinkType.Raw, Four, Ipv6("fd00::8", "fd00::9", ProtocolGre, Gre(TypeBridged, Frame4)) },
        { "ERSPAN I", LinkType.Raw, Four, Ipv4("1.1.1.1", "1.1.1.2", ProtocolGre, Gre(0x88BE, Frame4)) },
        { "ERSPAN II", LinkType.Raw, Four, Ipv4("1.1.1.1", "1.1.1.2", ProtocolGre, Gre(0x88BE, [.. new byte[8], .. Frame4], sequence: 1)) },
        { "ERSPAN III", LinkType.Raw, Four, Ipv4("1.1.1.1", "1.1.1.2", ProtocolGre, Gre(0x22EB, [.. new byte[12], .. Frame4], sequence: 1)) },
        { "ERSPAN III with more", LinkType.Raw, Four, Ipv4("1.1.1.1", "1.1.1.2", ProtocolGre, Gre(0x22EB, [.. new byte[11], 1, .. new byte[8], .. Frame4], sequence: 1)) },
        { "IPv6 with hop-by-hop options", LinkType.Raw, Six, Ipv6("fd00::1", "fd00::2", 0, Extension(ProtocolTcp, V6[40..])) },
        { "IPv6 with every extension", LinkType.Raw, Six, Ipv6("fd00::1", "fd00::2", 0, Extension(43, Extension(51, Authentication(60, Extension(ProtocolTcp, V6[40..])), 3), 2)) },
        { "IPv6 with an atomic fragment", LinkType.Raw, Six, Ipv6("fd00::1", "fd00::2", 44, FragmentHeader(ProtocolTcp, 1, 0, false, V6[40..])) },
        { "IPv4 with authentication", LinkType.Raw, Four, Ipv4("10.0.0.1", "10.0.0.2", 51, Authentication(ProtocolTcp, V4[20..])) },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_segment_is_found_however_it_was_carried(string way, LinkType link, string version, byte[] packet)
    {
        var decoding = Decoding.Of(link, packet);

        var segment = Assert.Single(decoding.Segments);
        Assert.NotEmpty(way);
        Assert.Equal(version == Four ? "10.0.0.1:40000" : "[fd00::1]:40000", segment.Flow.From.ToString());
        Assert.Equal(version == Four ? "10.0.0.2:80" : "[fd00::2]:80", segment.Flow.To.ToString());
        Assert.Equal((7u, 9u, TcpFlags.Ack | TcpFlags.Psh, "hello", 5), (segment.Sequence, segment.Acknowledged, segment.Flags, segment.Text, segment.PayloadLength));
        Assert.Equal(TalkBuilder.Start, segment.At);
        Assert.Equal(0ul, segment.Flow.Network);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Cut_anywhere_it_is_a_segment_with_a_part_missing_or_cut_in_its_headers(string way, LinkType link, string version, byte[] packet)
    {
        for (var kept = 0; kept < packet.Length; kept++)
        {
            var decoding = new Decoding();
            decoding.Take(packet[..kept], link, length: packet.Length);
            decoding.Flush();

            Assert.True(decoding.Accounts[PacketFate.CutInHeaders] + decoding.Accounts[PacketFate.Used] == 1, $"{way} ({version}) cut at {kept}");
            Assert.All(decoding.Segments, s => Assert.Equal((5, true), (s.PayloadLength, "hello".StartsWith(s.Text, StringComparison.Ordinal))));
        }
    }

    public static TheoryData<string, LinkType, PacketFate, byte[]> Others { get; } = new()
    {
        { "nothing", LinkType.Ethernet, PacketFate.Malformed, [] },
        { "ARP", LinkType.Ethernet, PacketFate.NotIp, Ethernet(TypeArp, new byte[28]) },
        { "spanning tree", LinkType.Ethernet, PacketFate.NotIp, Ethernet(38, [0x42, 0x42, 3, .. new byte[35]]) },
        { "802.3 longer than its frame", LinkType.Ethernet, PacketFate.Malformed, Ethernet(100, Snap(TypeIpv4, V4)[14..]) },
        { "PPPoE discovery", LinkType.Ethernet, PacketFate.NotIp, Ethernet(0x8863, new byte[20]) },
        { "PPP's own talk", LinkType.Ethernet, PacketFate.NotIp, Ethernet(TypePppoe, Pppoe(0xC021, new byte[8])) },
        { "PPPoE of another version", LinkType.Ethernet, PacketFate.Malformed, Ethernet(TypePppoe, [0x21, 0, 0, 7, 0, 2, 0, 0x21]) },
        { "MPLS with something else", LinkType.Ethernet, PacketFate.UnknownLink, Ethernet(TypeMpls, Label(16, true, [0xF0, 0, 0, 0])) },
        { "UDP", LinkType.Raw, PacketFate.NotTcp, Ipv4("10.0.0.1", "10.0.0.2", ProtocolUdp, Udp(1, 53, new byte[12])) },
        { "UDP to VXLAN's port", LinkType.Raw, PacketFate.NotTcp, Ipv4("10.0.0.1", "10.0.0.2", ProtocolUdp, Udp(1, 4789, "no VXLAN at all, but text"u8.ToArray())) },
        { "ICMP", LinkType.Raw, PacketFate.NotTcp, Ipv4("10.0.0.1", "10.0.0.2", 1, new byte[8]) },
        { "ICMPv6", LinkType.Raw, PacketFate.NotTcp, Ipv6("fd00::1", "fd00::2", 58, new byte[8]) },
        { "encrypted by IPsec", LinkType.Raw, PacketFate.NotTcp, Ipv6("fd00::1", "fd00::2", 50, new byte[80]) },
        { "IPv6 with nothing in it", LinkType.Raw, PacketFate.NotTcp, Ipv6("fd00::1", "fd00::2", 59, []) },
        { "PPTP", LinkType.Raw, PacketFate.UnknownLink, Ipv4("10.0.0.1", "10.0.0.2", ProtocolGre, [0x30, 1, 0x88, 0x0B, .. new byte[20]]) },
        { "GRE with routing", LinkType.Raw, PacketFate.UnknownLink, Ipv4("10.0.0.1", "10.0.0.2", ProtocolGre, [0x40, 0, 8, 0, .. new byte[20]]) },
        { "an unknown link", (LinkType)9999, PacketFate.UnknownLink, V4 },
        { "netlink", LinkType.LinuxSll, PacketFate.NotIp, Sll(TypeIpv4, V4, hardware: 824) },
        { "raw of another version", LinkType.Raw, PacketFate.NotIp, [0x50, .. new byte[40]] },
        { "IPv4 of another version", LinkType.Ipv4, PacketFate.Malformed, V6 },
        { "IPv6 of another version", LinkType.Ipv6, PacketFate.Malformed, [.. V4, .. new byte[20]] },
        { "IPv4 with too short a header", LinkType.Ipv4, PacketFate.Malformed, [0x44, .. TcpPacket("10.0.0.1:40000", "10.0.0.2:80", 7, 0x5000_0000, TcpFlags.Ack, "hello"u8)[1..]] },
        { "IPv4 shorter than its header", LinkType.Ipv4, PacketFate.Malformed, Ipv4("10.0.0.1", "10.0.0.2", ProtocolTcp, V4[20..], length: 19) },
        { "TCP shorter than its header", LinkType.Raw, PacketFate.Malformed, Ipv4("10.0.0.1", "10.0.0.2", ProtocolTcp, V4[20..39]) },
        { "TCP with too short an offset", LinkType.Raw, PacketFate.Malformed, Ipv4("10.0.0.1", "10.0.0.2", ProtocolTcp, [.. V4[20..32], 0x40, .. V4[33..]]) },
        { "TCP with an offset beyond its end", LinkType.Raw, PacketFate.Malformed, Ipv4("10.0.0.1", "10.0.0.2", ProtocolTcp, [.. V4[20..32], 0xF0, .. V4[33..]]) },
        { "a VLAN that ends", LinkType.Ethernet, PacketFate.Malformed, Ethernet(TypeVlan, [0, 1]) },
        { "labels without end", LinkType.Ethernet, PacketFate.Malformed, Ethernet(TypeMpls, new byte[400]) },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void What_holds_no_segment_is_counted_with_its_reason(string what, LinkType link, PacketFate fate, byte[] packet)
    {
        var decoding = Decoding.Of(link, packet);

        Assert.Empty(decoding.Segments);
        Assert.True(decoding.Accounts[fate] == 1, what);
    }

    [Fact]
    public void Networks_with_the_same_addresses_are_told_apart()
    {
        var tunnel = Ipv4("1.1.1.1", "1.1.1.2", ProtocolGre, Gre(TypeIpv4, V4, key: 7));
        var networks = Decoding.Of(
            LinkType.Ethernet,
            Frame4,
            Vlan(7, TypeIpv4, V4),
            Vlan(8, TypeIpv4, V4),
            Ethernet(TypeQinQ, Tag(7, TypeVlan, Tag(8, TypeIpv4, V4))),
            Ethernet(0x9100, Tag(8, TypeVlan, Tag(7, TypeIpv4, V4))),
            Vxlan(7), Vxlan(8),
            Ethernet(TypeIpv4, tunnel),
            Ethernet(TypeIpv4, Ipv4("1.1.1.1", "1.1.1.2", ProtocolUdp, Udp(9, 6081, [0, 0, 0x65, 0x58, 0, 0, 7, 0, .. Frame4])))).Segments.Select(s => s.Flow.Network).ToList();

        Assert.Equal(9, networks.Count);
        Assert.Equal(9, networks.Distinct().Count());
        Assert.Equal(0ul, networks[0]);

        static byte[] Vxlan(int network) => Ethernet(TypeIpv4, Ipv4("1.1.1.1", "1.1.1.2", ProtocolUdp, Udp(9, 4789, PacketBuilder.Vxlan(network, Frame4))));
    }

    [Fact]
    public void Both_directions_are_of_the_same_network()
    {
        var segments = Decoding.Of(
            LinkType.Ethernet,
            Vlan(7, TypeIpv4, TcpPacket("10.0.0.1:1", "10.0.0.2:2")),
            Vlan(7, TypeIpv4, TcpPacket("10.0.0.2:2", "10.0.0.1:1"))).Segments;

        Assert.Equal(segments[0].Flow, segments[1].Flow.Reversed);
        Assert.StartsWith("10.0.0.1:1 > 10.0.0.2:2 in network ", segments[0].Flow.ToString());
    }

    [Fact]
    public void Tunnels_in_tunnels_without_end_are_given_up()
    {
        var packet = V4;
        for (var i = 0; i < 100; i++)
            packet = Ipv4("1.1.1.1", "1.1.1.2", ProtocolIpv4, packet);

        Assert.Equal(1, Decoding.Of(LinkType.Raw, packet).Accounts[PacketFate.UnknownLink]);
    }

    [Fact]
    public void A_length_on_the_wire_below_what_was_captured_is_not_believed()
    {
        var decoding = new Decoding();
        decoding.Take(Frame4, length: 3);
        decoding.Take(Ipv4("10.0.0.1", "10.0.0.2", ProtocolTcp, V4[20..], length: 0), LinkType.Raw, length: 3);
        decoding.Flush();

        Assert.Equal(["hello", "hello"], decoding.Segments.Select(s => s.Text));
    }

    [Fact]
    public void A_packet_said_to_be_longer_than_its_frame_misses_the_rest()
    {
        var segment = Assert.Single(Decoding.Of(LinkType.Raw, Ipv4("10.0.0.1", "10.0.0.2", ProtocolTcp, V4[20..], length: 1040)).Segments);

        Assert.Equal(("hello", 1000), (segment.Text, segment.PayloadLength));
    }

    [Fact]
    public void A_packet_without_a_length_is_no_longer_than_any_that_a_card_cuts_up()
    {
        var decoding = new Decoding();
        decoding.Take(Ipv4("10.0.0.1", "10.0.0.2", ProtocolTcp, V4[20..], length: 0), LinkType.Raw, length: 2_000_000);
        decoding.Take(Ipv6("fd00::1", "fd00::2", ProtocolTcp, V6[40..], length: 0), LinkType.Raw, length: 2_000_000);
        decoding.Take(Ipv6("fd00::1", "fd00::2", ProtocolTcp, V6[40..], length: 0), LinkType.Raw, length: 500_060);
        decoding.Flush();

        Assert.Equal(2, decoding.Accounts[PacketFate.Malformed]);
        Assert.Equal(500_000, Assert.Single(decoding.Segments).PayloadLength);
    }

    [Fact]
    public void Options_may_be_cut_off()
    {
        var packet = Ipv4("10.0.0.1", "10.0.0.2", ProtocolTcp, Tcp(40000, 80, payload: "hello"u8, options: new byte[12]));
        var decoding = new Decoding();
        decoding.Take(packet[..44], LinkType.Raw, length: packet.Length);

        var segment = Assert.Single(decoding.Segments);
        Assert.Equal(("", 5), (segment.Text, segment.PayloadLength));
    }
}
