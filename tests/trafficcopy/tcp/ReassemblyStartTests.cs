using System.Net;

namespace Pressure.TrafficCopy.Tests;

public class ReassemblyStartTests
{
    private static readonly AskedServers Web = new() { Ports = [80] };
    private readonly SegmentBuilder _b = new();

    [Fact]
    public void A_connection_that_had_begun_before_is_told_from_its_first_captured_byte()
    {
        (_b.ClientAcked, _b.ServerAcked) = (500, 303);
        var run = ReassemblyRun.Of(_b.Client(300, "GET"), _b.Server(500, "200"));

        Assert.Equal("C:GET S:200 end:CaptureEnded", run.Story);
        Assert.False(run.Heard[0].Start.SawSyn);
        Assert.Equal(1, run.Accounts[Happening.ConnectionWithoutSyn]);
    }

    [Fact]
    public void A_side_that_is_heard_later_is_heard_all_the_same()
    {
        (_b.ClientAcked, _b.ServerAcked) = (500, 303);
        var run = new ReassemblyRun().Take(_b.Client(300, "GET"));
        run.Reassembler.Tick(_b.Now + 201 * SegmentBuilder.Millisecond);

        Assert.Equal("C:GET S:200 end:CaptureEnded", run.Take(_b.Server(500, "200")).Flush().Story);
        Assert.Equal(0, run.Accounts[Happening.OneSided]);
    }

    [Fact]
    public void Its_first_moments_are_put_in_order_too()
    {
        var run = new ReassemblyRun().Take(_b.Client(306, "ghi"), _b.Client(300, "abc"), _b.Client(303, "def"));
        Assert.Empty(run.Heard);
        run.Reassembler.Tick(_b.Now + 201 * SegmentBuilder.Millisecond);

        Assert.Equal("C:abcdefghi", run.Story);
    }

    [Fact]
    public void A_syn_that_was_captured_late_still_makes_it_whole()
    {
        var syn = _b.Syn();
        var run = ReassemblyRun.Of(_b.Client(3, "def"), _b.Client(0, "abc"), syn);

        Assert.Equal("C:abcdef end:CaptureEnded", run.Story);
        Assert.True(run.Heard[0].Start.SawSyn);
    }

    [Theory]
    [InlineData(40_000, 80, "10.0.0.1:40000")]
    [InlineData(80, 40_000, "10.0.0.2:40000")]
    [InlineData(25, 80, "10.0.0.1:25")]
    [InlineData(9_999, 9_999, "10.0.0.1:9999")]
    public void Without_a_syn_sides_are_guessed_from_ports(int senderPort, int receiverPort, string client)
    {
        var b = new SegmentBuilder(clientPort: senderPort, serverPort: receiverPort);
        var asked = receiverPort == 9_999 ? AskedServers.All : Web;

        Assert.Equal(client, new ReassemblyRun(asked).Take(b.Client(0, "x")).Flush().Heard[0].Start.Client.ToString());
    }

    [Fact]
    public void Without_ports_that_are_asked_for_the_lower_one_is_the_server()
    {
        var b = new SegmentBuilder(clientPort: 3_306, serverPort: 51_000);

        Assert.Equal("10.0.0.1:3306", ReassemblyRun.Of(b.Client(0, "x")).Heard[0].Start.Server.ToString());
    }

    [Fact]
    public void An_answer_to_a_syn_tells_the_sides()
    {
        var b = new SegmentBuilder(clientPort: 80, serverPort: 50_000);

        var start = ReassemblyRun.Of(b.SynAck(), b.Client(0, "x")).Heard[0].Start;

        Assert.Equal(("10.0.0.1:80", true), (start.Client.ToString(), start.SawSyn));
    }

    [Fact]
    public void Data_in_a_syn_comes_first()
    {
        _b.ServerAcked = 3;
        var run = ReassemblyRun.Of(_b.Syn("abc"), _b.SynAck(), _b.Client(3, "def"));

        Assert.Equal("C:abcdef end:CaptureEnded", run.Story);
    }

    [Fact]
    public void Data_in_a_syn_that_the_server_did_not_take_comes_once()
    {
        var run = ReassemblyRun.Of(_b.Syn("abc"), _b.SynAck(), _b.Client(0, "abcdef"));

        Assert.Equal("C:abcdef end:CaptureEnded", run.Story);
        Assert.Equal(3, run.Accounts[ByteFate.Duplicate]);
    }

    [Fact]
    public void A_lost_answer_to_a_syn_does_not_hurt()
    {
        var run = ReassemblyRun.Of(_b.Syn(), _b.Client(0), _b.Client(0, "GET"), _b.Server(3, "OK"), _b.Server(0, "200"));

        Assert.Equal("C:GET S:200OK end:CaptureEnded", run.Story);
    }

    [Fact]
    public void A_syn_that_comes_long_after_its_data_is_not_another_connection()
    {
        var syn = _b.Syn();
        var run = new ReassemblyRun().Take(_b.Client(300, "abc"));
        run.Reassembler.Tick(_b.Now + 201 * SegmentBuilder.Millisecond);
        run.Take(syn, _b.Client(303, "def"));

        Assert.Equal("C:abcdef end:CaptureEnded", run.Flush().Story);
        Assert.Equal(1, run.Accounts[Happening.Connection]);
    }

    [Fact]
    public void A_server_may_answer_anew_with_another_number()
    {
        var other = new SegmentBuilder(1_000, 700_000, at: _b.Now + 10 * SegmentBuilder.Millisecond);

        Assert.Equal("S:hello end:CaptureEnded", ReassemblyRun.Of(_b.Syn(), _b.SynAck(), other.SynAck(), other.Client(0), other.Server(0, "hello")).Story);
    }

    [Fact]
    public void What_was_acknowledged_of_the_number_before_is_not_missing()
    {
        var first = new SegmentBuilder(1_000, 700_000);

        var run = ReassemblyRun.Of(first.Syn(), first.SynAck(), first.Client(0), _b.SynAck(), _b.Client(0), _b.Server(0, "hello"));

        Assert.Equal("S:hello end:CaptureEnded", run.Story);
    }

    [Fact]
    public void An_answer_to_a_greeting_that_was_not_captured_is_another_connection()
    {
        var other = new SegmentBuilder(900_000_000, 700_000, at: _b.Now + 10 * SegmentBuilder.Millisecond);

        var run = ReassemblyRun.Of([.. _b.Handshake(), _b.Client(0, "abc"), other.SynAck(), other.Client(0, "second")]);

        Assert.Equal(["C:abc end:Replaced", "C:second end:CaptureEnded"], run.Heard.Select(h => h.Story));
    }

    [Fact]
    public void Both_may_open_at_once()
    {
        var other = _b.Make(Side.Server, -1, "", TcpFlags.Syn);
        var run = ReassemblyRun.Of(_b.Syn(), other, _b.Make(Side.Client, -1, "", TcpFlags.Syn | TcpFlags.Ack), _b.SynAck(), _b.Client(0, "a"), _b.Server(0, "b"));

        Assert.Equal("C:a S:b end:CaptureEnded", run.Story);
    }

    [Fact]
    public void A_connection_to_itself_does_not_crash()
    {
        var self = new SegmentBuilder(clientPort: 80, serverPort: 80);
        var key = SegmentBuilder.Key("10.0.0.1", 80, "10.0.0.1", 80);

        ReassemblyRun.Of(new[] { self.Syn(), self.SynAck(), self.Client(0, "x"), self.Server(0, "y"), self.Client(1, "", TcpFlags.Fin) }.Select(s => s with { Flow = key }));
    }

    [Theory]
    [InlineData(PacketFate.OutOfPlace, TcpFlags.Ack)]
    [InlineData(PacketFate.OutOfPlace, TcpFlags.Fin | TcpFlags.Ack)]
    [InlineData(PacketFate.OutOfPlace, TcpFlags.Rst)]
    [InlineData(PacketFate.Control, TcpFlags.Syn)]
    public void Only_a_greeting_or_bytes_begin_a_connection(PacketFate fate, TcpFlags flags) =>
        Assert.Equal(fate, new ReassemblyRun().FateOf(_b.Make(Side.Client, 5, "", flags)));

    [Fact]
    public void What_is_not_asked_for_is_counted_only()
    {
        var other = new SegmentBuilder(serverPort: 443);
        var run = new ReassemblyRun(Web).Take([.. other.Handshake(), other.Client(0, "secret"), .. _b.Handshake(), _b.Client(0, "x")]).Flush();

        Assert.Equal("C:x end:CaptureEnded", run.Story);
        Assert.Equal((4, 6), (run.Accounts[PacketFate.NotAsked], run.Accounts[ByteFate.NotAsked]));
    }

    [Theory]
    [InlineData("10.0.0.2/32", true)]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("10.0.0.1/32", false)]
    [InlineData("11.0.0.0/8", false)]
    [InlineData("::/0", true)]
    [InlineData("2001:db8::/32", false)]
    public void Servers_are_asked_for_by_address_and_port_together(string network, bool isAsked) =>
        Assert.Equal(isAsked, new ReassemblyRun(Web with { Networks = [IPNetwork.Parse(network)] }).Take(_b.Handshake()).Accounts[PacketFate.NotAsked] == 0);

    [Fact]
    public void Connections_of_several_networks_do_not_meet()
    {
        BuiltSegment[] one = [.. _b.Handshake(), _b.Client(0, "one")];
        var other = one.Select(s => s with { Flow = s.Flow with { Network = 7 } });

        Assert.Equal(["C:one end:CaptureEnded", "C:one end:CaptureEnded"], ReassemblyRun.Of(one.Zip(other).SelectMany(p => new[] { p.First, p.Second })).Heard.Select(h => h.Story));
    }
}
