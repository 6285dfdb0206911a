namespace Pressure.TrafficCopy.Tests;

public class ReassemblyEndTests
{
    private const TcpFlags Fin = TcpFlags.Fin;
    private readonly SegmentBuilder _b = new();

    private ReassemblyRun Begun => new ReassemblyRun().Take(_b.Handshake()).Take(_b.Client(0, "abc"));

    [Fact]
    public void A_fin_may_bring_data() => Assert.Equal("C:abcdef C. S:ok S. end:Closed", Begun.Take(_b.Client(3, "def", Fin), _b.Server(0, "ok", Fin)).Story);

    [Fact]
    public void A_fin_may_come_again()
    {
        var run = Begun.Take(_b.Client(3, "", Fin), _b.Client(3, "", Fin), _b.Client(3, "", Fin), _b.Server(0, "ok"), _b.Server(2, "", Fin), _b.Server(2, "", Fin));

        Assert.Equal("C:abc C. S:ok S. end:Closed", run.Story);
        Assert.Equal(0, run.Accounts[PacketFate.OutOfPlace]);
    }

    [Fact]
    public void Both_may_close_at_once()
    {
        var run = Begun;
        var (one, other) = (_b.Client(3, "", Fin), _b.Server(0, "", Fin));
        (_b.ClientAcked, _b.ServerAcked) = (1, 4);

        Assert.Equal("C:abc C. S. end:Closed", run.Take(one, other, _b.Client(4), _b.Server(1)).Story);
    }

    [Fact]
    public void The_other_side_may_go_on_after_a_fin()
    {
        _b.ServerAcked = 4;
        var run = Begun;
        run.Take(_b.Client(3, "", Fin), _b.Server(0, "a"), _b.Server(1, "b"), _b.Server(2, "c", Fin));

        Assert.Equal("C:abc C. S:abc S. end:Closed", run.Story);
    }

    [Fact]
    public void A_side_that_closes_before_the_other_speaks_is_told_too()
    {
        Assert.Equal("C. S:hello S. end:Closed", ReassemblyRun.Of([.. _b.Handshake(), _b.Client(0, "", Fin), _b.Server(0, "hello", Fin)]).Story);
        Assert.Equal("S. C:hello C. end:Closed", ReassemblyRun.Of([.. _b.Handshake(), _b.Server(0, "", Fin), _b.Client(0, "hello", Fin)]).Story);
    }

    [Fact]
    public void Data_behind_a_fin_belongs_to_nothing()
    {
        var run = Begun.Take(_b.Client(3, "", Fin), _b.Server(0, "x"));

        Assert.Equal(PacketFate.OutOfPlace, run.FateOf(_b.Client(3, "late")));
        Assert.Equal("C:abc C. S:x end:CaptureEnded", run.Flush().Story);
        Assert.Equal(4, run.Accounts[ByteFate.OutOfPlace]);
    }

    [Fact]
    public void A_connection_without_a_byte_is_only_counted()
    {
        var run = ReassemblyRun.Of([.. _b.Handshake(), _b.Client(0, "", Fin), _b.Server(0, "", Fin)]);

        Assert.Empty(run.Heard);
        Assert.Equal(1, run.Accounts[Happening.Connection]);
    }

    [Fact]
    public void A_reset_in_its_place_ends_it_at_once() => Assert.Equal("C:abc end:Reset", Begun.Take(_b.Server(0, "", TcpFlags.Rst)).Story);

    [Fact]
    public void A_refused_connection_is_over()
    {
        var run = new ReassemblyRun().Take(_b.Syn(), _b.Make(Side.Server, -1 - 9_000, "", TcpFlags.Rst | TcpFlags.Ack) with { Sequence = 0 });

        Assert.Empty(run.Heard);
        Assert.Equal(PacketFate.Control, run.FateOf(_b.Server(0, "", TcpFlags.Rst)));
    }

    [Theory]
    [InlineData(100_000_000)]
    [InlineData(-100)]
    public void A_reset_out_of_the_window_is_not_believed(int position)
    {
        _b.ServerAcked = 3;
        var run = Begun.Take(_b.Server(0));

        Assert.Equal(PacketFate.OutOfPlace, run.FateOf(_b.Client(position, "", TcpFlags.Rst)));
        Assert.Equal("C:abcdef", run.Take(_b.Client(3, "def")).Story);
    }

    [Fact]
    public void A_reset_within_the_window_is_believed_when_nothing_follows_it()
    {
        var run = Begun.Take(_b.Client(1000, "", TcpFlags.Rst));
        Assert.Equal("C:abc", run.Story);
        run.Reassembler.Tick(_b.Now + 201 * SegmentBuilder.Millisecond);

        Assert.Equal("C:abc end:Reset", run.Story);
    }

    [Fact]
    public void A_reset_within_the_window_is_not_believed_when_its_sender_goes_on()
    {
        var run = Begun.Take(_b.Client(10, "", TcpFlags.Rst), _b.Client(3, "defghij"), _b.Client(10, "klm"));
        run.Reassembler.Tick(_b.Now + 201 * SegmentBuilder.Millisecond);

        Assert.Equal("C:abcdefghijklm end:CaptureEnded", run.Flush().Story);
    }

    [Fact]
    public void Bytes_captured_a_little_after_a_reset_are_told_before_the_end()
    {
        var run = Begun.Take(_b.Server(4, "4567"), _b.Server(8, "", TcpFlags.Rst), _b.Server(0, "0123"));

        Assert.Equal("C:abc S:01234567 end:Reset", run.Flush().Story);
    }

    [Fact]
    public void What_comes_after_the_end_belongs_to_nothing()
    {
        var run = Begun.Take(_b.Client(3, "", TcpFlags.Rst));

        Assert.Equal(PacketFate.OutOfPlace, run.FateOf(_b.Server(0, "late")));
        Assert.Equal(PacketFate.Retransmitted, run.FateOf(_b.Client(0, "abc")));
        Assert.Equal(PacketFate.Control, run.FateOf(_b.Client(3)));
        Assert.Equal("C:abc end:Reset", run.Flush().Story);
    }

    [Fact]
    public void A_new_greeting_with_another_number_is_another_connection()
    {
        var next = new SegmentBuilder(500_000, 600_000, at: _b.Now + 1_000_000_000);
        var run = Begun.Take([.. next.Handshake(), next.Client(0, "second")]).Flush();

        Assert.Equal(["C:abc end:Replaced", "C:second end:CaptureEnded"], run.Heard.Select(h => h.Story));
        Assert.Equal([1, 2], run.Heard.Select(h => h.Start.Id));
    }

    [Fact]
    public void A_port_used_again_after_the_end_is_another_connection()
    {
        var run = Begun.Take(_b.Client(3, "", Fin), _b.Server(0, "", Fin));
        var next = new SegmentBuilder(500_000, 600_000, at: _b.Now);

        Assert.Equal(["C:abc C. S. end:Closed", "C:second end:CaptureEnded"], run.Take([.. next.Handshake(), next.Client(0, "second")]).Flush().Heard.Select(h => h.Story));
    }

    [Fact]
    public void A_port_used_again_by_a_connection_whose_greeting_was_lost_is_another_connection()
    {
        var run = Begun.Take(_b.Client(3, "", Fin), _b.Server(0, "", Fin));
        var next = new SegmentBuilder(1_500_000_000, 1_600_000_000, at: _b.Now);

        Assert.Equal(["C:abc C. S. end:Closed", "C:second end:CaptureEnded"], run.Take(next.Client(0, "second")).Flush().Heard.Select(h => h.Story));
    }

    [Fact]
    public void The_same_greeting_again_changes_nothing()
    {
        var run = Begun.Take(_b.Syn(), _b.SynAck(), _b.Client(3, "def"));

        Assert.Equal("C:abcdef end:CaptureEnded", run.Flush().Story);
        Assert.Equal(1, run.Accounts[Happening.Connection]);
    }

    [Fact]
    public void A_connection_turned_round_is_another_one()
    {
        var back = _b.Make(Side.Server, -1, "", TcpFlags.Syn) with { Sequence = 77_000 };

        Assert.Equal("C:abc end:Replaced", Begun.Take(back).Story);
    }

    [Fact]
    public void A_silent_connection_is_given_up()
    {
        var run = Begun;
        run.Reassembler.Tick(_b.Now + 1_801_000 * SegmentBuilder.Millisecond);

        Assert.Equal("C:abc end:Idle", run.Story);
        Assert.Equal(0, run.Reassembler.Connections);
    }

    [Fact]
    public void A_connection_that_is_over_is_forgotten_soon()
    {
        var run = Begun.Take(_b.Client(3, "", TcpFlags.Rst));
        Assert.Equal(1, run.Reassembler.Connections);
        run.Reassembler.Tick(_b.Now + 10_001 * SegmentBuilder.Millisecond);

        Assert.Equal(0, run.Reassembler.Connections);
    }
}
