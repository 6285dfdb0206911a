namespace Pressure.TrafficCopy.Tests;

public class ReassemblyFateTests
{
    private readonly SegmentBuilder _b = new();

    private ReassemblyRun Begun => new ReassemblyRun().Take(_b.Handshake()).Take(_b.Client(0, "abc"));

    [Theory]
    [InlineData(2, "", PacketFate.KeepAlive, ByteFate.KeepAlive, 0)]
    [InlineData(2, "x", PacketFate.KeepAlive, ByteFate.KeepAlive, 1)]
    [InlineData(2, "c", PacketFate.KeepAlive, ByteFate.KeepAlive, 1)]
    [InlineData(3, "", PacketFate.Control, ByteFate.Delivered, 3)]
    [InlineData(3, "d", PacketFate.Used, ByteFate.Delivered, 4)]
    [InlineData(0, "abc", PacketFate.Retransmitted, ByteFate.Duplicate, 3)]
    [InlineData(1, "bcd", PacketFate.Used, ByteFate.Duplicate, 2)]
    [InlineData(9, "held", PacketFate.Used, ByteFate.Held, 4)]
    [InlineData(-50, "before the first byte", PacketFate.OutOfPlace, ByteFate.OutOfPlace, 21)]
    [InlineData(2_000_000_000, "far", PacketFate.OutOfPlace, ByteFate.OutOfPlace, 3)]
    public void A_packet_has_one_fate_and_its_bytes_too(long position, string data, PacketFate fate, ByteFate bytes, int count)
    {
        var run = Begun;

        Assert.Equal(fate, run.FateOf(_b.Client(position, data)));
        Assert.Equal(count, run.Accounts[bytes]);
    }

    [Fact]
    public void A_copy_from_another_interface_is_told_by_its_identification()
    {
        var data = _b.Client(0, "abc");
        var ack = _b.Server(0);
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(data);

        Assert.Equal(PacketFate.CapturedTwice, run.FateOf(data with { At = data.At + 30_000 }));
        Assert.Equal(PacketFate.Retransmitted, run.FateOf(data with { At = data.At + 40_000, IpId = 999 }));
        Assert.Equal(PacketFate.Control, run.FateOf(ack));
        Assert.Equal(PacketFate.CapturedTwice, run.FateOf(ack));
        Assert.Equal(PacketFate.Control, run.FateOf(ack with { IpId = 1_000 }));
    }

    [Fact]
    public void A_copy_of_a_copy_is_one_too()
    {
        var data = _b.Client(0, "abc");
        var again = _b.Client(0, "abc");
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(data);

        Assert.Equal([PacketFate.CapturedTwice, PacketFate.CapturedTwice, PacketFate.Retransmitted, PacketFate.CapturedTwice], [run.FateOf(data), run.FateOf(data), run.FateOf(again), run.FateOf(again)]);
        Assert.Equal(12, run.Accounts[ByteFate.Duplicate]);
    }

    [Fact]
    public void Without_an_identification_only_what_comes_at_once_is_a_copy()
    {
        var data = _b.Client(0, "abc") with { IpId = 0 };
        var ack = _b.Server(0) with { IpId = 0 };
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(data);

        Assert.Equal(PacketFate.CapturedTwice, run.FateOf(data with { At = data.At + 100_000 }));
        Assert.Equal(PacketFate.Retransmitted, run.FateOf(data with { At = data.At + 5_000_000 }));
        // Acknowledgements are repeated on purpose.
        Assert.Equal([PacketFate.Control, PacketFate.Control], [run.FateOf(ack), run.FateOf(ack)]);
    }

    [Fact]
    public void Everything_captured_twice_is_told_once()
    {
        (_b.ClientAcked, _b.ServerAcked) = (0, 3);
        BuiltSegment[] segments = [.. _b.Handshake(), _b.Client(0, "abc"), _b.Server(0, "answer"), _b.Client(3, "", TcpFlags.Fin), _b.Server(6, "", TcpFlags.Fin)];

        var run = ReassemblyRun.Of(segments.SelectMany(s => new[] { s, s with { At = s.At + 5_000 } }));

        Assert.Equal("C:abc S:answer C. S. end:Closed", run.Story);
        Assert.Equal(segments.Length, run.Accounts[PacketFate.CapturedTwice]);
    }

    [Fact]
    public void Times_that_make_no_sense_do_no_harm()
    {
        long[] times = [long.MaxValue, long.MinValue, 0, -1, long.MaxValue, 5];
        var data = _b.Client(0, "abc");

        var run = ReassemblyRun.Of([.. _b.Handshake(), .. times.Select(t => data with { At = t }), _b.Client(3, "def") with { At = long.MinValue }]);

        Assert.Equal(7 - 0, run.Accounts[PacketFate.Used] + run.Accounts[PacketFate.CapturedTwice] + run.Accounts[PacketFate.Retransmitted] + run.Accounts[PacketFate.OutOfPlace]);
    }
}
