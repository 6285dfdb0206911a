using FsCheck;
using FsCheck.Fluent;
using static Pressure.TrafficCopy.Tests.PacketBuilder;

namespace Pressure.TrafficCopy.Tests;

public class FragmentTests
{
    private const long Second = 1_000_000_000;

    private static readonly byte[] Segment = Tcp(40000, 80, 7, 9, TcpFlags.Ack, [.. Enumerable.Range(0, 3_000).Select(i => (byte)i)]);

    private static byte[] Fragment(int offset, int length, int id = 1, byte[]? of = null, string from = "10.0.0.1")
    {
        of ??= Segment;
        var end = Math.Min(of.Length, offset + length);
        return Ipv4(from, "10.0.0.2", ProtocolTcp, of[offset..end], id, offset, more: end < of.Length);
    }

    private static byte[] Fragment6(int offset, int length, uint id = 1)
    {
        var end = Math.Min(Segment.Length, offset + length);
        return Ipv6("fd00::1", "fd00::2", 44, FragmentHeader(ProtocolTcp, id, offset, end < Segment.Length, Segment[offset..end]));
    }

    private static long Fate(Decoding decoding, PacketFate fate) => decoding.Accounts[fate];

    [Fact]
    public void Fragments_in_any_order_make_the_segment_and_each_packet_has_one_fate() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Gen.Shuffle(Enumerable.Range(0, 7)).ToArbitrary(), Gen.Elements(true, false).ToArbitrary(), (order, six) =>
        {
            var decoding = Decoding.Of(LinkType.Raw, order.Select(i => six ? Fragment6(i * 440, 440) : Fragment(i * 440, 440)));

            Assert.Equal(Segment[20..], Assert.Single(decoding.Segments).Payload);
            Assert.Equal((6, 1), (Fate(decoding, PacketFate.Fragment), Fate(decoding, PacketFate.Used)));
        }));

    [Fact]
    public void Datagrams_under_way_at_the_same_time_are_told_apart()
    {
        var other = Tcp(40000, 80, 8, 9, TcpFlags.Ack, new byte[3_000]);

        var decoding = Decoding.Of(
            LinkType.Raw,
            Fragment(0, 1600), Fragment(0, 1600, id: 2, of: other), Fragment(0, 1600, from: "10.0.0.9"),
            Fragment(1600, 1600, id: 2, of: other), Fragment(1600, 1600, from: "10.0.0.9"), Fragment(1600, 1600));

        Assert.Equal(["10.0.0.1:40000", "10.0.0.9:40000", "10.0.0.1:40000"], decoding.Segments.Select(s => s.Flow.From.ToString()));
        Assert.Equal([8u, 7u, 7u], decoding.Segments.Select(s => s.Sequence));
    }

    [Fact]
    public void What_an_IPv6_fragment_carries_is_told_by_the_first_one_alone()
    {
        var other = Ipv6("fd00::1", "fd00::2", 44, FragmentHeader(60, 1, 1600, false, Segment[1600..]));

        var decoding = Decoding.Of(LinkType.Raw, other, Fragment6(0, 1600));

        Assert.Equal(Segment[20..], Assert.Single(decoding.Segments).Payload);
    }

    [Fact]
    public void What_overlaps_with_the_same_bytes_is_taken()
    {
        var decoding = Decoding.Of(LinkType.Raw, Fragment(0, 1600), Fragment(800, 1600), Fragment(1600, 3000));

        Assert.Equal(Segment[20..], Assert.Single(decoding.Segments).Payload);
    }

    [Fact]
    public void The_same_fragment_twice_is_one_captured_twice()
    {
        var decoding = Decoding.Of(LinkType.Raw, Fragment(0, 1600), Fragment(0, 1600), Fragment(1600, 3000));

        Assert.Single(decoding.Segments);
        Assert.Equal((1, 1), (Fate(decoding, PacketFate.CapturedTwice), Fate(decoding, PacketFate.Fragment)));
    }

    [Fact]
    public void What_overlaps_with_other_bytes_loses_the_datagram()
    {
        var other = Segment.ToArray();
        other[1000] ^= 1;

        var decoding = Decoding.Of(LinkType.Raw, Fragment(0, 1600), Fragment(800, 1600, of: other), Fragment(1600, 3000));

        Assert.Empty(decoding.Segments);
        Assert.Equal(3, Fate(decoding, PacketFate.FragmentLost));
    }

    [Fact]
    public void Two_ends_lose_the_datagram()
    {
        var longer = Decoding.Of(LinkType.Raw, Fragment(1600, 8, of: Segment[..1608]), Fragment(0, 800), Fragment(1608, 800), Fragment(800, 800));
        var shorter = Decoding.Of(LinkType.Raw, Fragment(1608, 800), Fragment(1600, 8, of: Segment[..1608]));

        // As many units as the shorter one has, and one of them missing.
        var holed = Decoding.Of(LinkType.Raw, Fragment(1608, 8), Fragment(1544, 64, of: Segment[..1608]), Fragment(0, 1536));

        Assert.Equal((4, 2, 3), (Fate(longer, PacketFate.FragmentLost), Fate(shorter, PacketFate.FragmentLost), Fate(holed, PacketFate.FragmentLost)));
    }

    [Fact]
    public void Fragments_whose_others_do_not_come_are_lost_by_the_captures_clock()
    {
        var decoding = new Decoding();
        decoding.Take(Fragment(0, 1600), LinkType.Raw, at: Second);
        decoding.Take(Fragment(0, 1600, id: 2), LinkType.Raw, at: 32 * Second);
        Assert.Equal(1, Fate(decoding, PacketFate.FragmentLost));
        decoding.Take(Fragment(1600, 1600), LinkType.Raw, at: 32 * Second);
        decoding.Flush();

        Assert.Empty(decoding.Segments);
        Assert.Equal(3, Fate(decoding, PacketFate.FragmentLost));
    }

    [Fact]
    public void Fragments_without_end_stay_within_the_memorys_bound_and_the_oldest_go()
    {
        var accounts = new CaptureAccounts();
        var store = new FragmentStore(accounts, maxMemory: 1 << 20);
        for (var i = 0; i < 10_000; i++)
        {
            var layer = new Layer { Data = new byte[8], Length = 8, FragmentOffset = 60_000, FragmentId = (uint)i, MoreFragments = true };
            Assert.Null(store.Take(layer, ofIpv6: false, at: i));
            Assert.InRange(store.Memory, 1, 1 << 20);
        }
        store.Flush();

        Assert.Equal(0, store.Memory);
        Assert.Equal(10_000, accounts[PacketFate.NoMemory] + accounts[PacketFate.FragmentLost]);
        Assert.InRange(accounts[PacketFate.FragmentLost], 1, 20);
    }

    [Theory]
    [InlineData(65_528, 16, false)]
    [InlineData(0, 0, true)]
    [InlineData(8, 0, false)]
    [InlineData(0, 12, true)]
    public void A_fragment_that_cannot_be_is_malformed(int offset, int length, bool more)
    {
        var decoding = Decoding.Of(LinkType.Raw, Ipv4("10.0.0.1", "10.0.0.2", ProtocolTcp, new byte[length], 1, offset, more));

        Assert.Equal(1, Fate(decoding, PacketFate.Malformed));
    }

    [Fact]
    public void The_longest_datagram_fits()
    {
        var longest = Tcp(1, 2, payload: new byte[65_535 - 20]);

        var decoding = Decoding.Of(LinkType.Raw, Fragment(0, 32_000, of: longest), Fragment(32_000, 40_000, of: longest));

        Assert.Equal(65_515, Assert.Single(decoding.Segments).PayloadLength);
    }

    [Fact]
    public void A_fragment_that_was_not_captured_whole_is_lost()
    {
        var decoding = new Decoding();
        decoding.Take(Fragment(0, 1600), LinkType.Raw);
        decoding.Take(Fragment(1600, 1600)[..100], LinkType.Raw, length: 1440);
        decoding.Flush();

        Assert.Equal(2, Fate(decoding, PacketFate.FragmentLost));
    }

    [Fact]
    public void A_tunnel_that_was_fragmented_is_peeled_on()
    {
        var tunnel = Udp(9, 4789, Vxlan(7, Ethernet(TypeIpv4, Ipv4("10.0.0.1", "10.0.0.2", ProtocolTcp, Segment))));
        byte[] Piece(int offset, int end) => Ipv4("1.1.1.1", "1.1.1.2", ProtocolUdp, tunnel[offset..end], 5, offset, end < tunnel.Length);

        var decoding = Decoding.Of(LinkType.Raw, Piece(1480, tunnel.Length), Piece(0, 1480));

        var segment = Assert.Single(decoding.Segments);
        Assert.Equal(("10.0.0.1:40000", true), (segment.Flow.From.ToString(), segment.Flow.Network != 0));
    }
}
