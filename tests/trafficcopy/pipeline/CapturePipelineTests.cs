using System.Text;

namespace Pressure.TrafficCopy.Tests;

public class CapturePipelineTests
{
    private const string Client = "10.0.0.1:40000";
    private const string Server = "10.0.0.2:80";

    [Fact]
    public void A_file_becomes_conversations()
    {
        var run = new ReassemblyRun();
        var pipeline = new CapturePipeline(run, run.Accounts);
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File("a.pcap"), Talk(1_000).ToArray());

        var outcome = pipeline.Read(folder.File("a.pcap"));
        pipeline.Flush();

        Assert.True(outcome.IsComplete);
        Assert.Equal("C:GET S:200 end:CaptureEnded", run.Story);
        Assert.Equal((6, 2, 3), (run.Accounts.Packets, run.Accounts[PacketFate.Used], run.Accounts[PacketFate.Control]));
        Assert.Equal(1, run.Accounts[PacketFate.NotIp]);
        Assert.True(run.Accounts.IsBalanced);
    }

    [Fact]
    public void A_connection_goes_on_in_the_next_file()
    {
        var run = new ReassemblyRun();
        var pipeline = new CapturePipeline(run, run.Accounts);
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File("a.pcap"), Talk(1_000).ToArray());
        File.WriteAllBytes(folder.File("b.pcap"), new PcapBuilder().Packet(9_000, PacketBuilder.TcpFrame(Client, Server, 14, 23, TcpFlags.Ack, "POST"u8)).ToArray());

        pipeline.Read(folder.File("a.pcap"));
        pipeline.Read(folder.File("b.pcap"));
        pipeline.Flush();

        Assert.Equal("C:GET S:200 C:POST end:CaptureEnded", run.Story);
    }

    [Fact]
    public void Files_that_can_not_be_read_are_told_of()
    {
        var run = new ReassemblyRun();

        var outcome = new CapturePipeline(run, run.Accounts).Read("/nowhere/at/all.pcap");

        Assert.False(outcome.IsComplete);
    }

    [Fact]
    public void Only_servers_that_are_asked_for_are_told_of()
    {
        var run = new ReassemblyRun();
        var pipeline = new CapturePipeline(run, run.Accounts, new AskedServers { Ports = [443] });
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File("a.pcap"), Talk(1_000).ToArray());

        pipeline.Read(folder.File("a.pcap"));
        pipeline.Flush();

        Assert.Empty(run.Heard);
        Assert.Equal((5, 6), (run.Accounts[PacketFate.NotAsked], run.Accounts[ByteFate.NotAsked]));
    }

    [Fact]
    public void Packets_become_exchanges()
    {
        var (accounts, exchanges) = (new CaptureAccounts(), new Exchanges());
        var pipeline = CapturePipeline.ToExchanges(exchanges, accounts, new CapturePipelineOptions { Conversations = new ConversationOptions { KeepRaw = true } });
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File("a.pcap"), Talk(1_000).ToArray());

        pipeline.Read(folder.File("a.pcap"));
        pipeline.Flush();

        var exchange = Assert.Single(exchanges.All);
        Assert.Equal((TrafficProtocol.Tcp, "GET", "200"), (exchange.Protocol, Encoding.ASCII.GetString(exchange.Request.Body.Span), Encoding.ASCII.GetString(exchange.Response.Body.Span)));
        Assert.Equal(1, accounts[Happening.Exchange]);
        Assert.True(accounts.IsBalanced);
    }

    private sealed class Exchanges : IExchangeSink
    {
        public List<CapturedExchange> All { get; } = [];

        public void Take(CapturedExchange exchange) => All.Add(exchange.Keep());

        public void EndConnection(long connection, long at)
        {
        }
    }

    private static PcapBuilder Talk(long at) => new PcapBuilder()
        .Packet(at, PacketBuilder.TcpFrame(Client, Server, 10, 0, TcpFlags.Syn))
        .Packet(at + 1, PacketBuilder.TcpFrame(Server, Client, 19, 11, TcpFlags.Syn | TcpFlags.Ack))
        .Packet(at + 2, PacketBuilder.TcpFrame(Client, Server, 11, 20))
        .Packet(at + 3, PacketBuilder.Ethernet(PacketBuilder.TypeArp, new byte[28]))
        .Packet(at + 4, PacketBuilder.TcpFrame(Client, Server, 11, 20, TcpFlags.Ack, "GET"u8))
        .Packet(at + 5, PacketBuilder.TcpFrame(Server, Client, 20, 14, TcpFlags.Ack, Encoding.ASCII.GetBytes("200")));
}
