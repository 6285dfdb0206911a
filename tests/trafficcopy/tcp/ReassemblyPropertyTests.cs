using FsCheck;
using FsCheck.Fluent;

namespace Pressure.TrafficCopy.Tests;

public class ReassemblyPropertyTests
{
    [Fact]
    public void Whatever_the_order_of_packets_is_the_story_is_the_same() => ForAll(seed =>
    {
        var wild = new WildConversation(seed);
        var captured = wild.Shuffled(wild.Doubled(wild.SentAgain(wild.Sent, 0.2), 0.2), 8);

        var run = ReassemblyRun.Of(captured);

        Assert.Equal(wild.Story, SaidIn(run.Story));
        Assert.Equal(0, run.Accounts[Happening.Gap]);
        Assert.Equal(0, run.Accounts[ByteFate.OutOfPlace] + run.Accounts[ByteFate.Conflicting]);
    });

    [Fact]
    public void What_was_captured_is_told_and_nothing_else_is_missing() => ForAll(seed =>
    {
        var wild = new WildConversation(seed);
        var captured = wild.Shuffled(wild.SentAgain(wild.Dropped(wild.Sent, 0.1), 0.1), 6);

        var run = ReassemblyRun.Of(captured);

        foreach (var heard in run.Heard)
            AssertTold(wild, captured, heard);
        Assert.Equal(wild.Captured(Side.Client, captured).Count(c => c) + wild.Captured(Side.Server, captured).Count(c => c), run.Accounts[ByteFate.Delivered]);
    });

    [Fact]
    public void Packets_cut_short_are_told_as_far_as_they_go() => ForAll(seed =>
    {
        var wild = new WildConversation(seed, turns: 10);
        var captured = WildConversation.Cut(wild.Shuffled(wild.Sent, 6), 200);

        var run = ReassemblyRun.Of(captured);

        AssertTold(wild, captured, run.Heard[0]);
        Assert.Equal(run.Accounts.PayloadBytes, run.Accounts[ByteFate.Delivered]);
    });

    [Fact]
    public void One_side_alone_is_told_whole() => ForAll(seed =>
    {
        var wild = new WildConversation(seed);
        var side = seed % 2 == 0 ? Side.Client : Side.Server;
        var captured = wild.Shuffled(wild.Sent.Where(s => WildConversation.SideOf(s) == side), 6);

        var run = ReassemblyRun.Of(captured);

        Assert.Equal(wild.Said(side), run.Heard.Count == 0 ? [] : run.Heard[0].Bytes[side]);
        Assert.Equal(0, run.Accounts[Happening.Gap]);
    });

    [Fact]
    public void A_capture_that_begins_in_the_middle_is_told_from_there() => ForAll(seed =>
    {
        var wild = new WildConversation(seed);
        var captured = wild.Shuffled(wild.Sent.Skip(3 + seed % 20), 6);

        var run = ReassemblyRun.Of(captured);

        foreach (var heard in run.Heard)
        {
            Assert.EndsWith(new string([.. heard.Bytes[Side.Client].Select(b => (char)b)]), System.Text.Encoding.Latin1.GetString(wild.Said(Side.Client)), StringComparison.Ordinal);
            Assert.EndsWith(new string([.. heard.Bytes[Side.Server].Select(b => (char)b)]), System.Text.Encoding.Latin1.GetString(wild.Said(Side.Server)), StringComparison.Ordinal);
        }
        Assert.Equal(wild.Captured(Side.Client, captured).Count(c => c) + wild.Captured(Side.Server, captured).Count(c => c), run.Accounts[ByteFate.Delivered]);
    });

    [Fact]
    public void The_same_packets_tell_the_same_story() => ForAll(seed =>
    {
        var (one, other) = (Hostile(seed), Hostile(seed));

        Assert.Equal(one.Heard.Select(h => h.Start), other.Heard.Select(h => h.Start));
        Assert.Equal(one.Heard.Select(h => h.Story), other.Heard.Select(h => h.Story));
        Assert.All(Enum.GetValues<PacketFate>(), f => Assert.Equal(one.Accounts[f], other.Accounts[f]));
        Assert.All(Enum.GetValues<ByteFate>(), f => Assert.Equal(one.Accounts[f], other.Accounts[f]));
    });

    [Fact]
    public void Contradictions_are_counted_and_break_nothing() => ForAll(seed =>
    {
        var wild = new WildConversation(seed);
        var captured = wild.Shuffled(wild.SentAgain(wild.Sent, 0.5, contradict: true), 8);

        var run = ReassemblyRun.Of(captured);

        Assert.Equal(wild.Said(Side.Client).Length, run.Heard[0].Bytes[Side.Client].Count);
        Assert.Equal(wild.Said(Side.Server).Length, run.Heard[0].Bytes[Side.Server].Count);
    });

    [Fact]
    public void Connections_side_by_side_do_not_meet() => ForAll(seed =>
    {
        var all = Enumerable.Range(0, 5).Select(i => new WildConversation(unchecked(seed * 31 + i), turns: 6, port: 40_000 + i)).ToArray();
        var captured = all.SelectMany(w => w.Shuffled(w.Sent, 6).Select((s, i) => (s, i))).OrderBy(p => p.i).ThenBy(p => p.s.Flow.Ports).Select(p => p.s);

        var run = ReassemblyRun.Of(captured);

        Assert.Equal(all.Select(w => w.Story).Order(StringComparer.Ordinal), run.Heard.Select(h => SaidIn(h.Story)).Order(StringComparer.Ordinal));
    });

    /// <summary>Anything at all: no crash, the law holds after each packet (see <see cref="ReassemblyRun.Take"/>), memory is bounded.</summary>
    [Fact]
    public void Anything_at_all_is_accounted_for() => ForAll(seed => Hostile(seed));

    internal static void ForAll(Action<int> holds, int times = 100) =>
        Prop.ForAll<int>(seed => holds(seed & int.MaxValue)).Check(Config.QuickThrowOnFailure.WithMaxTest(times).WithEndSize(1_000_000));

    private static ReassemblyRun Hostile(int seed)
    {
        var limits = new ReassemblyLimits { Connections = 3, HeldBytes = 40_000, HeldBytesPerGap = 16_000, HeldPieces = 50, Idle = TimeSpan.FromSeconds(1), Linger = TimeSpan.FromMilliseconds(50) };
        var (random, run) = (new Random(seed), new ReassemblyRun(limits: limits));
        var now = 1_700_000_000_000_000_000L;
        for (var i = 0; i < 400; i++)
        {
            now += random.Next(100) == 0 ? random.NextInt64(3_000_000_000) : random.Next(3_000_000);
            run.Take(Anything(random, now));
            // One segment's room more: it is put in before others make way.
            Assert.InRange(run.Reassembler.HeldMemory, 0, limits.HeldBytes);
            Assert.InRange(run.Reassembler.Connections, 0, limits.Connections);
        }
        return run.Flush();
    }

    private static BuiltSegment Anything(Random random, long now)
    {
        var data = new byte[random.Next(4) == 0 ? 0 : random.Next(1, random.Next(2) == 0 ? 3 : 3_000)];
        random.NextBytes(data);
        var key = SegmentBuilder.Key("10.0.0.1", 40_000 + random.Next(5), "10.0.0.2", 80);
        return new BuiltSegment(
            random.Next(50) == 0 ? random.NextInt64() : now, random.Next(2) == 0 ? key : key.Reversed, Number(random), Number(random),
            (TcpFlags)(random.Next(3) == 0 ? random.Next(32) : 16), data, data.Length + (random.Next(5) == 0 ? random.Next(2_000) : 0), random.Next(3));
    }

    private static uint Number(Random random) => random.Next(30) switch
    {
        0 => (uint)random.NextInt64(1L << 32),
        1 => (uint)random.Next(1 << 24) - (1 << 23),
        _ => (uint)random.Next(20_000) - 10_000,
    };

    private static void AssertTold(WildConversation wild, IReadOnlyList<BuiltSegment> captured, HeardConversation heard)
    {
        foreach (var side in Enum.GetValues<Side>())
        {
            var (said, known) = (wild.Said(side), wild.Captured(side, captured));
            var at = 0;
            var told = 0;
            foreach (var (position, length) in heard.Gaps[side].Append((Position: heard.Bytes[side].Count, Length: 0L)))
            {
                for (; told < position; told++, at++)
                    Assert.True(known[at] && said[at] == heard.Bytes[side][told]);
                for (var end = at + length; at < end; at++)
                    Assert.False(known[at]);
            }
            Assert.DoesNotContain(true, known[at..]);
        }
    }

    private static string SaidIn(string story) => story.Split(" C. ")[0].Split(" end:")[0].Trim();
}
