using FsCheck;
using FsCheck.Fluent;

namespace Pressure.TrafficCopy.Tests;

/// <summary>Files that were whole once, with bytes changed, taken out, put in and repeated: nothing may crash or hang, and each packet has one fate.</summary>
public class WildInputTests
{
    private static readonly byte[][] Files = [Pcap(), Pcapng(), PcapTests.Packed(Pcap()), PcapTests.Packed(Pcapng())];

    [Fact]
    public void Changed_files_are_read_to_their_end_and_each_packet_has_one_fate() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(Gen.Elements(Files).ToArbitrary(), Mutation.Some, ReadChanged));

    [Fact]
    public void Changed_packets_of_every_link_have_one_fate()
    {
        var ways = PacketDecoderTests.Ways.Select(w => (Link: w.Data.Item2, Bytes: w.Data.Item4));
        var others = PacketDecoderTests.Others.Select(o => (Link: o.Data.Item2, Bytes: o.Data.Item4));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(Gen.Elements(ways.Concat(others)).ToArbitrary(), Mutation.Some, Gen.Choose(-50, 70_000).ToArbitrary(), (packet, changes, longer) =>
        {
            var bytes = Mutation.Apply(packet.Bytes, changes);
            var decoding = new Decoding();
            decoding.Take(bytes, packet.Link, length: bytes.Length + longer);
            Checked(decoding);
        }));
    }

    [Fact]
    public void Bytes_at_random_behind_a_right_beginning_are_read_to_their_end()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var bytes = new byte[20_000];
            new Random(seed).NextBytes(bytes);
            (seed % 2 == 0 ? new PcapBuilder().ToArray() : new PcapngBuilder().Section(big: seed % 4 == 1).Interface().ToArray()).CopyTo(bytes, 0);
            var decoding = new Decoding();

            var outcome = CaptureFileReader.Read(new MemoryStream(bytes), "wild", decoding.Sink, decoding.Accounts);

            Assert.Equal(bytes.Length, outcome.Bytes);
            Checked(decoding);
        }
    }

    internal static void ReadChanged(byte[] file, Mutation[] changes)
    {
        var decoding = new Decoding();

        var outcome = CaptureFileReader.Read(new MemoryStream(Mutation.Apply(file, changes)), "wild", decoding.Sink, decoding.Accounts);

        Assert.Equal(outcome.Packets, decoding.Accounts.Packets);
        Assert.InRange(outcome.Problems.Count, 0, CaptureFileOutcome.MostProblems);
        Checked(decoding);
    }

    private static void Checked(Decoding decoding)
    {
        decoding.Flush();
        Assert.All(decoding.Segments, s => Assert.InRange(s.PayloadLength, s.Payload.Length, 1 << 20));
    }

    private static byte[] Pcap() => new PcapBuilder(nanoseconds: true).Packets(Talk()).Packets(Fragments()).ToArray();

    private static byte[] Pcapng()
    {
        var builder = new PcapngBuilder().Section().Interface(resolution: 9).Secrets("CLIENT_RANDOM 1 2\n");
        foreach (var frame in Talk())
            builder.Packet((ulong)frame.At, frame.Data);
        builder.Section(big: true).Interface(offset: 5).Interface(LinkType.Raw);
        foreach (var frame in Fragments())
            builder.Packet((ulong)frame.At / 1_000, frame.Data).Old((ulong)frame.At / 1_000, frame.Data).Simple(frame.Data);
        return builder.Statistics(7, 8).Block(0x99, new byte[12]).ToArray();
    }

    private static List<Frame> Talk() =>
        new TalkBuilder().Open().Client("GET / HTTP/1.1\r\nHost: a\r\n\r\n").Server("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + new string('x', 2_000)).Close().Frames;

    private static IEnumerable<Frame> Fragments()
    {
        var segment = PacketBuilder.Tcp(1, 2, payload: new byte[1_000]);
        for (var at = 0; at < segment.Length; at += 256)
        {
            var end = Math.Min(segment.Length, at + 256);
            yield return new Frame(TalkBuilder.Start + at, PacketBuilder.Ethernet(PacketBuilder.TypeIpv4, PacketBuilder.Ipv4("10.0.0.1", "10.0.0.2", 6, segment[at..end], 9, at, end < segment.Length)));
        }
    }
}
