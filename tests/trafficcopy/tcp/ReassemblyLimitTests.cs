namespace Pressure.TrafficCopy.Tests;

public class ReassemblyLimitTests
{
    private readonly SegmentBuilder _b = new();

    [Fact]
    public void A_gap_with_too_much_behind_it_is_given_up()
    {
        var run = new ReassemblyRun(limits: new ReassemblyLimits { HeldBytesPerGap = 10_000 }).Take(_b.Handshake()).Take(_b.Client(0, "abc"));
        for (var i = 0; i < 20; i++)
            run.Take(_b.Make(Side.Client, 100 + i * 1_000, new byte[1_000], TcpFlags.Ack));

        Assert.Equal((1, 97, 20_003), (run.Accounts[Happening.Gap], run.Accounts[Happening.MissingBytes], run.Accounts[ByteFate.Delivered]));
    }

    [Fact]
    public void A_gap_with_too_many_pieces_behind_it_is_given_up()
    {
        var run = new ReassemblyRun(limits: new ReassemblyLimits { HeldPieces = 10 }).Take(_b.Handshake());
        for (var i = 0; i < 100; i++)
            run.Take(_b.Client(10 + i * 2, "x"));

        Assert.Equal((90, 90), (run.Accounts[Happening.Gap], run.Accounts[ByteFate.Delivered]));
        Assert.Equal(10, run.Accounts[ByteFate.Held]);
    }

    [Fact]
    public void With_too_much_held_altogether_the_one_that_waits_for_longest_gives_way()
    {
        var run = new ReassemblyRun(limits: new ReassemblyLimits { HeldBytes = 10_000 });
        for (var port = 1; port <= 12; port++)
        {
            var b = new SegmentBuilder(clientPort: 40_000 + port, at: _b.Now + port * SegmentBuilder.Millisecond);
            run.Take(b.Handshake()).Take(b.Make(Side.Client, 10, new byte[900], TcpFlags.Ack));
        }

        Assert.InRange(run.Reassembler.HeldMemory, 5_000, 10_000);
        Assert.Equal([40_001, 40_002, 40_003], run.Heard.Select(h => h.Start.Client.Port));
        Assert.Equal(3, run.Accounts[Happening.Gap]);
    }

    [Fact]
    public void With_too_many_connections_the_idlest_gives_way()
    {
        var run = new ReassemblyRun(limits: new ReassemblyLimits { Connections = 3 });
        var all = Enumerable.Range(1, 4).Select(p => new SegmentBuilder(clientPort: p, at: _b.Now + p * 2_000 * SegmentBuilder.Millisecond)).ToArray();
        foreach (var b in all[..3])
            run.Take(b.Handshake()).Take(b.Client(0, "x"));
        all[0].Now = all[3].Now;
        run.Take(all[0].Client(1, "y"));
        run.Take(all[3].Handshake());

        Assert.Equal(["C:xy", "C:x end:Evicted", "C:x"], run.Heard.Select(h => h.Story));
        Assert.Equal((1, 3), (run.Accounts[Happening.ConnectionEvicted], run.Reassembler.Connections));
    }

    [Fact]
    public void Connections_that_are_over_give_way_before_living_ones()
    {
        var run = new ReassemblyRun(limits: new ReassemblyLimits { Connections = 2 });
        var all = Enumerable.Range(1, 3).Select(p => new SegmentBuilder(clientPort: p, at: _b.Now + p)).ToArray();
        run.Take(all[0].Handshake()).Take(all[0].Client(0, "x"));
        run.Take(all[1].Handshake()).Take(all[1].Client(0, "x"), all[1].Client(1, "", TcpFlags.Rst));
        run.Take(all[2].Handshake());

        Assert.Equal(["C:x", "C:x end:Reset"], run.Heard.Select(h => h.Story));
        Assert.Equal(0, run.Accounts[Happening.ConnectionEvicted]);
    }

    [Fact]
    public void What_an_evicted_connection_held_is_told_before_its_end()
    {
        var run = new ReassemblyRun(limits: new ReassemblyLimits { Connections = 1 }).Take(_b.Handshake()).Take(_b.Client(3, "def"));
        run.Take(new SegmentBuilder(clientPort: 7).Handshake());

        Assert.Equal("C-3 C:def end:Evicted", run.Story);
    }

    [Fact]
    public void Any_number_of_connections_that_never_speak_stay_few()
    {
        var run = new ReassemblyRun(limits: new ReassemblyLimits { Connections = 1_000 });
        for (var i = 0; i < 20_000; i++)
            run.Take(_b.Syn() with { Flow = SegmentBuilder.Key($"10.{i >> 16}.{i >> 8 & 255}.{i & 255}", 5_000, "10.0.0.2", 80) });

        Assert.Equal(1_000, run.Reassembler.Connections);
        Assert.Empty(run.Heard);
        Assert.Equal(20_000, run.Accounts[Happening.Connection]);
    }

    /// <summary>One-byte pieces from the back to the front, and then segments over all of them: each step has to stay cheap, which shows as the test's end.</summary>
    [Fact]
    public void Hostile_orders_and_overlaps_come_to_an_end()
    {
        var run = new ReassemblyRun(limits: new ReassemblyLimits { HeldPieces = int.MaxValue, HeldBytesPerGap = int.MaxValue, Retransmission = TimeSpan.FromDays(1) });
        run.Take(_b.Handshake());
        var bytes = new byte[16_000];
        for (var round = 0; round < 20; round++)
        {
            for (var i = 7_999; i >= 0; i--)
                run.Reassembler.Take(_b.Make(Side.Client, 16_000 * round + 100 + i * 2, [1], TcpFlags.Ack).ToSegment());
            for (var i = 0; i < 20; i++)
                run.Reassembler.Take(_b.Make(Side.Client, 16_000 * round + 100, bytes, TcpFlags.Ack).ToSegment());
        }
        run.Accounts.Packets = 4 + 20 * 8_020 - 1;

        Assert.Equal("C-100", run.Flush().Story[..5]);
        Assert.Equal(320_000, run.Accounts[ByteFate.Delivered]);
        Assert.Equal(20 * 8_000 * 20, run.Accounts[ByteFate.Conflicting]);
    }
}
