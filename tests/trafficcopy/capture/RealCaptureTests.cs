using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.TrafficCopy.Tests;

/// <summary>Captures of one piece of real traffic, in every format that the tools at hand write.</summary>
public sealed class RealCaptures : IDisposable
{
    private readonly TrafficRoom _room = new();

    public RealCaptures()
    {
        try
        {
            Make();
        }
        catch
        {
            // A fixture whose making fails is not disposed of by others.
            _room.Dispose();
            throw;
        }
    }

    private void Make()
    {
        var vxlan = _room.LayVxlan();
        var there = _room.Network.There.ToString();
        _room.Capture(
            [("any", "-i any"), ("sll", "-i any -y LINUX_SLL"), ("lo", "-i lo --nano"), ("snap", "-i any -s 100"), ("wire", $"-i {_room.Network.Device[..^1]}b")],
            () =>
            {
                _room.Do("curl", "-sS", "http://127.0.0.1/small", "http://127.0.0.1/big", "http://127.0.0.1/small", "-o", "/dev/null", "-o", "/dev/null");
                _room.Do("curl", "-sS", "-g", "http://[::1]/small", "http://[::1]/big", "-o", "/dev/null", "-o", "/dev/null");
                TrafficRoom.Run("curl", "-sS", $"http://{there}/big", $"http://{there}/small", "-o", "/dev/null");
                TrafficRoom.Run("curl", "-sS", $"http://{vxlan}/big", "-o", "/dev/null");
            });
        foreach (var (from, format, to) in Conversions)
            TrafficRoom.Run("editcap", "-F", format, Path(from), Path(to));
        File.WriteAllBytes(Path("packed.pcap.gz"), PcapTests.Packed(File.ReadAllBytes(Path("any.pcap"))));
        TrafficRoom.Run("mergecap", "-w", Path("merged.pcapng"), Path("any.pcap"), Path("lo.pcap"), Path("sll.pcap"));
    }

    private static IEnumerable<(string, string, string)> Conversions => [("any.pcap", "pcapng", "any.pcapng"), ("any.pcap", "nsecpcap", "nano.pcap"), ("lo.pcap", "pcap", "micro.pcap")];

    public string Path(string name) => _room.PathOf(name);

    public void Dispose() => _room.Dispose();
}

public class RealCaptureTests(RealCaptures captures) : IClassFixture<RealCaptures>
{
    [Theory]
    [InlineData("any.pcap")]
    [InlineData("sll.pcap")]
    [InlineData("lo.pcap")]
    [InlineData("snap.pcap")]
    [InlineData("wire.pcap")]
    [InlineData("any.pcapng")]
    [InlineData("nano.pcap")]
    [InlineData("micro.pcap")]
    [InlineData("packed.pcap.gz")]
    [InlineData("merged.pcapng")]
    public void Tshark_sees_the_same_packets_and_segments(string name)
    {
        var decoding = new Decoding();
        var outcome = CaptureFileReader.Read(captures.Path(name), decoding.Sink, decoding.Accounts);
        decoding.Flush();

        var seen = Seen(captures.Path(name));
        Assert.True(outcome.IsComplete);
        Assert.Equal(int.Parse(TrafficRoom.Run("sh", "-c", $"tshark -r {captures.Path(name)} | wc -l"), CultureInfo.InvariantCulture), outcome.Packets);
        Assert.True(seen.Count > 30);
        Assert.Equal(seen, decoding.Segments.Select(Line));
    }

    [Fact]
    public void Fragments_of_a_real_tunnel_are_put_together()
    {
        var decoding = new Decoding();
        CaptureFileReader.Read(captures.Path("wire.pcap"), decoding.Sink, decoding.Accounts);
        decoding.Flush();

        Assert.True(decoding.Accounts[PacketFate.Fragment] > 0);
        Assert.Equal(0, decoding.Accounts[PacketFate.FragmentLost]);
        Assert.Contains(decoding.Segments, s => s.Flow.Network != 0 && s.Payload.Length > 3_000);
    }

    [Fact]
    public void Real_files_with_bytes_changed_are_read_to_their_end_and_each_packet_has_one_fate()
    {
        byte[][] files = [Start("any.pcapng"), Start("lo.pcap"), Start("snap.pcap"), Start("sll.pcap")];
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Gen.Elements(files).ToArbitrary(), Mutation.Some, WildInputTests.ReadChanged));

        byte[] Start(string name) => File.ReadAllBytes(captures.Path(name)).AsSpan(0, 30_000).ToArray();
    }

    // Time, ports, sequence number, length on the wire, and what was captured of it.
    private static List<string> Seen(string file)
    {
        string[] fields = ["frame.time_epoch", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.len", "tcp.payload"];
        var output = TrafficRoom.Run("tshark", ["-r", file, "-Y", "tcp.seq_raw and not icmp and not icmpv6", "-o", "tcp.desegment_tcp_streams:FALSE", "-T", "fields", .. fields.SelectMany(f => new[] { "-e", f })]);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static string Line(KeptSegment segment) =>
        string.Create(CultureInfo.InvariantCulture, $"{segment.At / 1_000_000_000}.{segment.At % 1_000_000_000:000000000}\t{segment.Flow.FromPort}\t{segment.Flow.ToPort}\t{segment.Sequence}\t{segment.PayloadLength}\t{Convert.ToHexStringLower(segment.Payload)}");
}
