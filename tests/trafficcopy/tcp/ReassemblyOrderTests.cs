namespace Pressure.TrafficCopy.Tests;

public class ReassemblyOrderTests
{
    private readonly SegmentBuilder _b = new();

    [Fact]
    public void A_connection_is_told_from_its_first_byte_to_its_end()
    {
        _b.ServerAcked = 3;
        var run = ReassemblyRun.Of([.. _b.Handshake(), _b.Client(0, "GET"), _b.Server(0, "200"), _b.Client(3, "", TcpFlags.Fin), _b.Server(3, "", TcpFlags.Fin)]);

        Assert.Equal("C:GET S:200 C. S. end:Closed", run.Story);
        Assert.Equal(2, run.Accounts[PacketFate.Used]);
        Assert.Equal(5, run.Accounts[PacketFate.Control]);
        Assert.Equal(6, run.Accounts[ByteFate.Delivered]);
        Assert.Equal(1, run.Accounts[Happening.Connection]);
        Assert.Equal(0, run.Accounts[Happening.ConnectionWithoutSyn]);
        var start = run.Heard[0].Start;
        Assert.Equal((1, "10.0.0.1:40000", "10.0.0.2:80", true), (start.Id, start.Client.ToString(), start.Server.ToString(), start.SawSyn));
    }

    [Fact]
    public void Bytes_out_of_order_are_put_in_order() =>
        Assert.Equal("C:abcdefghi end:CaptureEnded", ReassemblyRun.Of([.. _b.Handshake(), _b.Client(6, "ghi"), _b.Client(3, "def"), _b.Client(0, "abc")]).Story);

    [Fact]
    public void Bytes_held_are_told_with_the_time_at_which_they_came()
    {
        var times = new List<long>();
        var reassembler = new Reassembler(new Opener(new Timed(times)), new CaptureAccounts());
        BuiltSegment[] segments = [.. _b.Handshake(), _b.Client(3, "def"), _b.Client(0, "abc")];
        foreach (var segment in segments)
            reassembler.Take(segment.ToSegment());

        Assert.Equal([segments[4].At, segments[3].At], times);
    }

    [Fact]
    public void What_is_sent_again_is_told_once()
    {
        var run = ReassemblyRun.Of([.. _b.Handshake(), _b.Client(0, "abc"), _b.Client(0, "abc"), _b.Client(3, "def")]);

        Assert.Equal("C:abcdef end:CaptureEnded", run.Story);
        Assert.Equal((1, 3), (run.Accounts[PacketFate.Retransmitted], run.Accounts[ByteFate.Duplicate]));
    }

    [Fact]
    public void Of_a_longer_one_with_the_same_sequence_only_the_tail_is_new()
    {
        var run = ReassemblyRun.Of([.. _b.Handshake(), _b.Client(0, "abc"), _b.Client(0, "abcdefg")]);

        Assert.Equal("C:abcdefg end:CaptureEnded", run.Story);
        Assert.Equal((0, 3, 7), (run.Accounts[PacketFate.Retransmitted], run.Accounts[ByteFate.Duplicate], run.Accounts[ByteFate.Delivered]));
    }

    public static TheoryData<string, string, int, int> Overlaps => new()
    {
        // What is held (position and bytes), the story, bytes known, bytes contradicted.
        { "3:def 3:def 0:abc", "abcdef", 3, 0 },
        { "3:def 2:cde 0:ab", "abcdef", 2, 0 },
        { "3:def 4:efg 0:abc", "abcdefg", 2, 0 },
        { "3:def 2:cdefg 0:ab", "abcdefg", 3, 0 },
        { "3:d 5:f 7:h 2:cdefghi 0:ab", "abcdefghi", 3, 0 },
        { "3:def 3:DEF 0:abc", "abcdef", 0, 3 },
        { "3:def 2:XYZf 0:ab", "abXdef", 1, 2 },
        { "3:d 5:f 2:XXXXX 0:ab", "abXdXfX", 0, 2 },
        { "3:def 0:abcXYZ", "abcdef", 0, 3 },
        { "3:def 0:abcdefg", "abcdefg", 3, 0 },
        { "6:ghi 3:defghi 0:abcdef", "abcdefghi", 6, 0 },
        { "2:c 4:e 6:g 3:d 5:f 1:bcdefgh 0:a", "abcdefgh", 5, 0 },
    };

    [Theory]
    [MemberData(nameof(Overlaps))]
    public void Where_pieces_overlap_the_first_byte_stays(string pieces, string story, int known, int contradicted)
    {
        var segments = pieces.Split(' ').Select(p => p.Split(':')).Select(p => _b.Client(long.Parse(p[0]), p[1]));

        var run = ReassemblyRun.Of([.. _b.Handshake(), .. segments]);

        Assert.Equal($"C:{story} end:CaptureEnded", run.Story);
        Assert.Equal((known, contradicted), (run.Accounts[ByteFate.Duplicate], run.Accounts[ByteFate.Conflicting]));
    }

    [Theory]
    [InlineData(uint.MaxValue - 1)]
    [InlineData(uint.MaxValue - 4)]
    [InlineData(uint.MaxValue)]
    [InlineData(int.MaxValue - 3u)]
    public void Sequence_numbers_wrap(uint isn)
    {
        var b = new SegmentBuilder(isn, isn);
        Assert.Equal("C:abcdefghi S:123456 end:CaptureEnded", ReassemblyRun.Of(
            [.. b.Handshake(), b.Client(6, "ghi"), b.Client(3, "def"), b.Client(0, "abcd"), b.Server(3, "456"), b.Server(0, "123"), b.Server(0, "123")]).Story);
    }

    [Fact]
    public void A_direction_of_more_than_four_gigabytes_goes_on()
    {
        var run = new ReassemblyRun(limits: new ReassemblyLimits { HeldBytesPerGap = 1 << 16 });
        run.Take(_b.Handshake()).Take(_b.Client(0, "begin"));
        const long Step = 1 << 29;
        for (var i = 1; i <= 12; i++)
        {
            _b.Now += 1_000_000_000;
            run.Take(_b.Client(i * Step, "x"), _b.Make(Side.Client, i * Step + 1, new byte[1 << 17], TcpFlags.Ack));
        }

        Assert.Equal(12 * Step - 5 - 11 * ((1 << 17) + 1), run.Accounts[Happening.MissingBytes]);
        Assert.Equal(25, run.Accounts[PacketFate.Used]);
    }

    [Fact]
    public void What_was_said_before_is_told_before_although_it_was_captured_later()
    {
        // The answer acknowledges a request that the capture brings only after it.
        _b.ServerAcked = 3;
        var answer = _b.Server(0, "200");
        Assert.Equal("C:GET S:200 C:PUT end:CaptureEnded", ReassemblyRun.Of([.. _b.Handshake(), answer, _b.Client(0, "GET"), _b.Client(3, "PUT")]).Story);
    }

    [Fact]
    public void A_whole_exchange_held_on_both_sides_is_told_in_its_order()
    {
        BuiltSegment[] handshake = _b.Handshake();
        var first = _b.Client(0, "ask1");
        _b.ServerAcked = 4;
        var second = _b.Server(0, "answer1");
        _b.ClientAcked = 7;
        var third = _b.Client(4, "ask2");
        _b.ServerAcked = 8;
        var fourth = _b.Server(7, "answer2");

        Assert.Equal("C:ask1 S:answer1 C:ask2 S:answer2 end:CaptureEnded", ReassemblyRun.Of([.. handshake, fourth, third, second, first]).Story);
    }

    [Fact]
    public void Sides_that_wait_for_each_other_do_not_wait_for_ever()
    {
        (_b.ClientAcked, _b.ServerAcked) = (3, 3);
        Assert.Equal("C:abc S:123 end:CaptureEnded", ReassemblyRun.Of([.. new SegmentBuilder().Handshake(), _b.Client(0, "abc"), _b.Server(0, "123")]).Story);
    }

    [Fact]
    public void The_next_bytes_of_a_known_connection_cost_no_memory()
    {
        var run = new ReassemblyRun();
        run.Take(_b.Handshake()).Take(_b.Client(0, "x"));
        var reassembler = new Reassembler(new Opener(new Timed([])), new CaptureAccounts());
        BuiltSegment[] begin = [.. new SegmentBuilder().Handshake(), new SegmentBuilder().Client(0, "x")];
        foreach (var segment in begin)
            reassembler.Take(segment.ToSegment());
        var data = new byte[1000];
        var next = _b.Make(Side.Client, 1, data, TcpFlags.Ack);
        reassembler.Take(next.ToSegment());

        var taken = 1u;
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 1000; i++)
                reassembler.Take(new TcpSegment { At = next.At, Flow = next.Flow, Sequence = next.Sequence + taken++ * 1000, Acknowledged = next.Acknowledged, Flags = TcpFlags.Ack, Payload = data, PayloadLength = 1000 });
        }));
    }

    private sealed class Opener(IConversation conversation) : IConversationOpener
    {
        public IConversation Open(in ConversationStart start) => conversation;
    }

    private sealed class Timed(List<long> times) : IConversation
    {
        public void Take(Side from, ReadOnlySpan<byte> bytes, long at)
        {
            if (times.Count < 2 && times.Capacity > 0 || bytes.Length == 3)
                times.Add(at);
        }

        public void Miss(Side from, long bytes, long at)
        {
        }

        public void Finish(Side from, long at)
        {
        }

        public void End(ConversationEnd how, long at)
        {
        }
    }
}
