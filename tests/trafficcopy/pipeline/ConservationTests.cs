using System.Globalization;
using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>
/// The law over every kind of capture that these tests make: each packet has one fate, and each byte of payload. All of them in one table, which is written to
/// <c>TestResults/conservation.md</c> beside the tests.
/// </summary>
public class ConservationTests(RealCaptures formats, LossyCaptures lossy, WebTraffic web, RealTlsTests.TlsRoom tls)
    : IClassFixture<RealCaptures>, IClassFixture<LossyCaptures>, IClassFixture<WebTraffic>, IClassFixture<RealTlsTests.TlsRoom>
{
    [Fact]
    public void Every_packet_and_byte_of_every_capture_has_one_fate()
    {
        var all = Captures().Select(c => (c.What, Accounts: Read(c.File, c.Options))).ToList();

        var table = Table(all);
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults")).FullName;
        File.WriteAllText(Path.Combine(folder, "conservation.md"), table);
        TestContext.Current.TestOutputHelper!.WriteLine(table);
        Assert.All(all, c =>
        {
            Assert.Equal(c.Accounts.Packets, Enum.GetValues<PacketFate>().Sum(f => c.Accounts[f]));
            Assert.Equal(c.Accounts.PayloadBytes, Enum.GetValues<ByteFate>().Sum(f => c.Accounts[f]));
            Assert.Equal(0, c.Accounts[ByteFate.Held]);
            Assert.True(c.Accounts.Packets > 0, c.What);
        });
        // A table in which nothing is ever dropped would prove little.
        Assert.Superset(
            new HashSet<PacketFate> { PacketFate.Used, PacketFate.Control, PacketFate.Retransmitted, PacketFate.CapturedTwice, PacketFate.Fragment, PacketFate.NotIp, PacketFate.NotTcp, PacketFate.NotAsked, PacketFate.OutOfPlace },
            all.SelectMany(c => Enum.GetValues<PacketFate>().Where(f => c.Accounts[f] > 0)).ToHashSet());
        Assert.Superset(
            new HashSet<ByteFate> { ByteFate.Delivered, ByteFate.Duplicate, ByteFate.Conflicting, ByteFate.OutOfPlace, ByteFate.NotAsked },
            all.SelectMany(c => Enum.GetValues<ByteFate>().Where(f => c.Accounts[f] > 0)).ToHashSet());
    }

    private IEnumerable<(string What, string File, CapturePipelineOptions Options)> Captures()
    {
        var plain = new CapturePipelineOptions();
        foreach (var (what, name) in new[] { ("any", "any.pcap"), ("any, cooked v1", "sll.pcap"), ("loopback, ns", "lo.pcap"), ("100 bytes a packet", "snap.pcap"), ("wire, VXLAN", "wire.pcap"), ("pcapng", "any.pcapng"), ("packed", "packed.pcap.gz"), ("three in one", "merged.pcapng") })
            yield return (what, formats.Path(name), plain);
        foreach (var (what, name) in new[] { ("loss, bridge and wire", "any.pcap"), ("loss, wire", "wire.pcap"), ("loss, 300 bytes a packet", "short.pcap") })
            yield return (what, lossy.Path(name), plain);
        foreach (var (what, name) in new[] { ("every shape of HTTP", "clean.pcap"), ("the same on any", "clean-any.pcap"), ("HTTP under loss", "lossy.pcap") })
            yield return (what, web.Path(name), plain);
        yield return ("one port of three", web.Path("clean.pcap"), plain with { Asked = new AskedServers { Ports = [8002] } });
        yield return ("every tenth packet missing", Thinned(web.Path("clean.pcap")), plain);
        yield return ("cut off in the middle", CutOff(web.Path("clean.pcap")), plain);
        var (capture, keyLog) = tls.Record("conserved", "");
        var keys = new KeyLog();
        keys.ReadFile(keyLog);
        yield return ("TLS with keys", capture, plain with { Keys = keys });
        yield return ("TLS without", capture, plain);
        yield return ("hostile overlaps, far away bytes", Hostile(), plain with { Conversations = new ConversationOptions { KeepRaw = true } });
    }

    private string Thinned(string file)
    {
        var to = formats.Path("thin.pcap");
        CapturedRun.Thin(file, to, new Random(3), every: 10);
        return to;
    }

    private string CutOff(string file)
    {
        var bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(formats.Path("cut.pcap"), bytes[..(bytes.Length / 2)]);
        return formats.Path("cut.pcap");
    }

    /// <summary>Bytes sent twice with another content, before and after the connection, and out of its window.</summary>
    private string Hostile()
    {
        var file = formats.Path("hostile.pcap");
        var packets = new PcapBuilder();
        for (var seed = 0; seed < 20; seed++)
        {
            var wild = new WildConversation(seed, port: 41_000 + seed);
            foreach (var segment in wild.SentAgain(wild.Shuffled(wild.Doubled(wild.Sent, 0.2), 6), 0.3, contradict: true))
            {
                packets.Packet(segment.At, FrameOf(segment));
                if (segment.Payload.Length > 0 && seed % 4 == 0)
                    packets.Packet(segment.At, FrameOf(segment with { Sequence = segment.Sequence + 2_000_000_000 }));
            }
        }
        File.WriteAllBytes(file, packets.ToArray());
        return file;
    }

    private static byte[] FrameOf(BuiltSegment segment) =>
        PacketBuilder.TcpFrame(segment.Flow.From.ToString(), segment.Flow.To.ToString(), segment.Sequence, segment.Acknowledged, segment.Flags, segment.Payload);

    private static CaptureAccounts Read(string file, CapturePipelineOptions options)
    {
        var accounts = new CaptureAccounts();
        var pipeline = CapturePipeline.ToExchanges(new Nowhere(), accounts, options);
        pipeline.Read(file, new CaptureReadOptions { Secrets = options.Keys });
        pipeline.Flush();
        return accounts;
    }

    private static string Table(IEnumerable<(string What, CaptureAccounts Accounts)> all)
    {
        var text = new StringBuilder("| capture | packets | what became of them | bytes | what became of them | exchanges |\n|---|---:|---|---:|---|---:|\n");
        foreach (var (what, accounts) in all)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {accounts.Packets:N0} | {Fates<PacketFate>(f => accounts[f], AccountsText.Name)} | {accounts.PayloadBytes:N0} | {Fates<ByteFate>(f => accounts[f], AccountsText.Name)} | {accounts[Happening.Exchange]:N0} |");
            Assert.True(accounts.IsBalanced, $"{what}: {AccountsText.Of(accounts)}");
        }
        return text.ToString();
    }

    private static string Fates<T>(Func<T, long> count, Func<T, string> name) where T : struct, Enum =>
        string.Join(" + ", Enum.GetValues<T>().Where(f => count(f) != 0).Select(f => string.Create(CultureInfo.InvariantCulture, $"{count(f):N0} {name(f)}")));

    private sealed class Nowhere : IExchangeSink
    {
        public void Take(CapturedExchange exchange)
        {
        }

        public void EndConnection(long connection, long at)
        {
        }
    }
}
