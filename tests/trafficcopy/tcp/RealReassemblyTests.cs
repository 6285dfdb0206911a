using System.Globalization;

namespace Pressure.TrafficCopy.Tests;

/// <summary>
/// nginx behind a bridge, curl at the other end of the wire, packets lost before and after the place of capture: what comes in is captured and then partly lost, so
/// it comes again; what goes out is partly lost before it is captured, so it comes out of order. On "any" each packet is captured on the bridge and on its wire.
/// </summary>
public sealed class LossyCaptures : IDisposable
{
    private readonly TrafficRoom _room = new();

    public LossyCaptures()
    {
        var (wire, there) = (_room.Network.Device[..^1] + "b", _room.Network.There.ToString());
        _room.Do("ip", "link", "add", "br0", "type", "bridge");
        _room.Do("ip", "addr", "flush", "dev", wire);
        _room.Do("ip", "link", "set", wire, "master", "br0", "gso_max_segs", "1");
        _room.Do("ip", "addr", "add", there + "/30", "dev", "br0");
        _room.Do("ip", "link", "set", "br0", "up", "gso_max_segs", "1");
        TrafficRoom.Run("ip", "link", "set", _room.Network.Device, "gso_max_segs", "1");
        Lose("INPUT", "--dport", 19);
        Lose("OUTPUT", "--sport", 23);
        File.WriteAllBytes(_room.PathOf("upload"), [.. Enumerable.Range(0, 600_000).Select(i => (byte)(i * 7 >> 2))]);
        _room.Capture([("any", "-i any -s 2000 tcp"), ("wire", $"-i {wire} -s 2000 tcp"), ("short", $"-i {wire} -s 300 tcp")], () =>
        {
            TrafficRoom.Run("curl", "-sS", "-m", "60", $"http://{there}/big", "-o", Path("big"));
            TrafficRoom.Run("curl", "-sS", "-m", "60", "--data-binary", "@" + Path("upload"), $"http://{there}/small");
            TrafficRoom.Run("curl", "-sS", "-m", "60", $"http://{there}/small", $"http://{there}/big", $"http://{there}/small", "-o", "/dev/null", "-o", "/dev/null", "-o", "/dev/null");
        });
    }

    public string Path(string name) => _room.PathOf(name);

    public void Dispose() => _room.Dispose();

    private void Lose(string chain, string port, int every) =>
        _room.Do("iptables", "-A", chain, "-p", "tcp", port, "80", "-m", "statistic", "--mode", "nth", "--every", every.ToString(CultureInfo.InvariantCulture), "--packet", "11", "-j", "DROP");
}

public class RealReassemblyTests(LossyCaptures captures) : IClassFixture<LossyCaptures>
{
    [Theory]
    [InlineData("any.pcap")]
    [InlineData("wire.pcap")]
    public void Tshark_puts_the_same_streams_together(string name)
    {
        var run = Run(Packets(name));

        Assert.Equal(3, run.Heard.Count);
        Assert.All(run.Heard, (heard, i) =>
        {
            var (client, server) = Followed(captures.Path(name), i);
            Assert.Equal(client, Convert.ToHexStringLower([.. heard.Bytes[Side.Client]]));
            Assert.Equal(server, Convert.ToHexStringLower([.. heard.Bytes[Side.Server]]));
            Assert.Equal(ConversationEnd.Closed, heard.Ended);
        });
        Assert.Equal((0, 0), (run.Accounts[Happening.Gap], run.Accounts[ByteFate.OutOfPlace]));
        Assert.True(run.Accounts[PacketFate.Retransmitted] > 20);
    }

    [Fact]
    public void What_curl_stored_and_sent_is_in_the_streams()
    {
        var run = Run(Packets("any.pcap"));

        Assert.Equal(File.ReadAllBytes(captures.Path("big")), run.Heard[0].Bytes[Side.Server].TakeLast(1 << 20));
        Assert.Equal(File.ReadAllBytes(captures.Path("upload")), run.Heard[1].Bytes[Side.Client].TakeLast(600_000));
    }

    [Fact]
    public void On_any_what_passed_the_bridge_counts_as_captured_twice()
    {
        var (any, wire) = (Run(Packets("any.pcap")).Accounts, Run(Packets("wire.pcap")).Accounts);

        Assert.Equal(wire[PacketFate.Used], any[PacketFate.Used]);
        Assert.Equal(wire[PacketFate.Retransmitted], any[PacketFate.Retransmitted]);
        Assert.InRange(any[PacketFate.CapturedTwice], wire.Packets * 9 / 10, wire.Packets);
        Assert.Equal(any.Packets - any[PacketFate.CapturedTwice] - wire.Packets, any[PacketFate.Control] - wire[PacketFate.Control] + any[PacketFate.KeepAlive] - wire[PacketFate.KeepAlive]);
    }

    [Fact]
    public void The_order_of_packets_in_the_file_does_not_matter()
    {
        var packets = Packets("any.pcap");
        var whole = Run(packets);

        for (var seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            var shuffled = Run([.. packets.Select((p, i) => (p, At: i + random.NextDouble() * (i < 20 ? 1 : 10))).OrderBy(p => p.At).Select(p => p.p)]);
            Assert.Equal(whole.Heard.Select(h => h.Bytes[Side.Client]), shuffled.Heard.Select(h => h.Bytes[Side.Client]));
            Assert.Equal(whole.Heard.Select(h => h.Bytes[Side.Server]), shuffled.Heard.Select(h => h.Bytes[Side.Server]));
            Assert.Equal(0, shuffled.Accounts[Happening.Gap]);
        }
    }

    [Fact]
    public void Packets_taken_out_of_the_file_are_gaps_of_the_right_length_in_the_right_place()
    {
        var packets = Packets("wire.pcap");
        var whole = Run(packets);
        var random = new Random(1);

        var run = Run([.. packets.Where(p => p.Length < 1_000 || random.Next(20) != 0)]);

        Assert.True(run.Accounts[Happening.Gap] > 10);
        Assert.Equal(whole.Accounts[ByteFate.Delivered], run.Accounts[ByteFate.Delivered] + run.Accounts[Happening.MissingBytes]);
        foreach (var (full, gappy) in whole.Heard.Zip(run.Heard))
        {
            AssertLies(full, gappy, Side.Client);
            AssertLies(full, gappy, Side.Server);
        }
    }

    [Fact]
    public void A_short_snap_length_leaves_heads_and_tells_of_the_rest()
    {
        var (whole, run) = (Run(Packets("wire.pcap")), Run(Packets("short.pcap")));

        Assert.Equal(whole.Accounts[ByteFate.Delivered], run.Accounts[ByteFate.Delivered] + run.Accounts[Happening.MissingBytes]);
        foreach (var (full, cut) in whole.Heard.Zip(run.Heard))
        {
            AssertLies(full, cut, Side.Client);
            AssertLies(full, cut, Side.Server);
        }
    }

    private static void AssertLies(HeardConversation full, HeardConversation gappy, Side side)
    {
        var (expected, bytes) = (full.Bytes[side].ToArray(), gappy.Bytes[side].ToArray());
        var (at, told) = (0L, 0);
        foreach (var (position, length) in gappy.Gaps[side].Append((Position: bytes.Length, Length: 0L)))
        {
            Assert.True(expected.AsSpan((int)at, position - told).SequenceEqual(bytes.AsSpan(told, position - told)));
            at += position - told + length;
            told = position;
        }
        Assert.Equal(expected.Length, at);
    }

    private static ReassemblyRun Run(IReadOnlyList<KeptPacket> packets)
    {
        var run = new ReassemblyRun();
        var pipeline = new CapturePipeline(run, run.Accounts);
        foreach (var packet in packets)
        {
            pipeline.Take(new CapturedPacket(packet.At, packet.Link, packet.Data, packet.Length));
            Assert.True(run.Accounts.IsBalanced);
        }
        pipeline.Flush();
        run.Flush();
        return run;
    }

    private List<KeptPacket> Packets(string name)
    {
        var list = new PacketList();
        Assert.True(CaptureFileReader.Read(captures.Path(name), list, new CaptureAccounts()).IsComplete);
        Assert.True(list.Packets.Count > 1_000);
        return list.Packets;
    }

    /// <summary>Both sides of a stream as tshark tells them: lines of hexadecimal digits, the server's behind a tab.</summary>
    private static (string Client, string Server) Followed(string file, int stream)
    {
        var lines = TrafficRoom.Run("tshark", "-r", file, "-q", "-z", $"follow,tcp,raw,{stream}").Split('\n').Where(l => l.Length > 0 && Uri.IsHexDigit(l.TrimStart('\t')[0]) && l.TrimStart('\t').All(Uri.IsHexDigit)).ToList();
        return (string.Concat(lines.Where(l => l[0] != '\t')), string.Concat(lines.Where(l => l[0] == '\t').Select(l => l[1..])));
    }
}
