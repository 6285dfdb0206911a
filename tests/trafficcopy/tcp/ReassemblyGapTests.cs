namespace Pressure.TrafficCopy.Tests;

public class ReassemblyGapTests
{
    private readonly SegmentBuilder _b = new();

    [Fact]
    public void Bytes_that_nobody_captured_are_told_as_missing_once_the_other_side_has_them()
    {
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(_b.Client(0, "abc"), _b.Client(6, "ghi"));
        Assert.Equal("C:abc", run.Story);

        _b.ServerAcked = 9;
        run.Take(_b.Server(0));
        Assert.Equal("C:abc", run.Story);
        _b.Now += 200 * SegmentBuilder.Millisecond;
        run.Take(_b.Server(0, "ok"));

        Assert.Equal("C:abc C-3 C:ghi S:ok", run.Story);
        Assert.Equal((1, 3), (run.Accounts[Happening.Gap], run.Accounts[Happening.MissingBytes]));
    }

    [Fact]
    public void Bytes_captured_a_little_after_their_acknowledgement_are_not_missing()
    {
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(_b.Client(0, "abc"), _b.Client(6, "ghi"));
        _b.ServerAcked = 9;
        run.Take(_b.Server(0), _b.Client(3, "def"));

        Assert.Equal("C:abcdefghi", run.Story);
    }

    [Fact]
    public void A_request_that_was_not_captured_is_missing_before_its_answer()
    {
        _b.ServerAcked = 5;
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(_b.Client(0, "first"), _b.Server(0, "answer"));
        (_b.ServerAcked, _b.ClientAcked) = (11, 6);
        run.Take(_b.Server(6, "second answer"));
        _b.Now += 300 * SegmentBuilder.Millisecond;
        run.Take(_b.Client(11, "third"));

        Assert.Equal("C:first S:answer C-6 S:second answer C:third", run.Story);
    }

    [Fact]
    public void One_acknowledged_byte_at_the_end_may_have_been_a_fin()
    {
        _b.ServerAcked = 4;
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(_b.Client(0, "abc"), _b.Server(0, "ok"));
        _b.Now += 300 * SegmentBuilder.Millisecond;
        run.Take(_b.Server(2, "more"), _b.Server(6, "and more"));

        Assert.Equal("C:abc S:okmoreand more end:CaptureEnded", run.Flush().Story);
        Assert.Equal(0, run.Accounts[Happening.Gap]);
    }

    [Fact]
    public void But_not_when_something_follows_it()
    {
        _b.ServerAcked = 4;
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(_b.Client(0, "abc"), _b.Server(0, "ok"));
        _b.Now += 300 * SegmentBuilder.Millisecond;
        run.Take(_b.Server(2), _b.Client(4, "efg"));

        Assert.Equal("C:abc S:ok C-1 C:efg end:CaptureEnded", run.Flush().Story);
    }

    [Fact]
    public void Each_gap_has_its_own_time()
    {
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(_b.Client(3, "def"));
        _b.ServerAcked = 6;
        run.Take(_b.Server(0));
        _b.Now += 150 * SegmentBuilder.Millisecond;
        // The first closes late, and at once there is another.
        run.Take(_b.Client(0, "abc"), _b.Client(9, "jkl"));
        _b.ServerAcked = 12;
        run.Take(_b.Server(0));
        _b.Now += 100 * SegmentBuilder.Millisecond;
        run.Take(_b.Client(6, "ghi"));

        Assert.Equal("C:abcdefghijkl", run.Story);
    }

    [Fact]
    public void A_gap_that_was_acknowledged_later_stays_open_for_longer()
    {
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(_b.Client(3, "def"), _b.Client(9, "jkl"));
        _b.ServerAcked = 6;
        run.Take(_b.Server(0));
        _b.Now += 150 * SegmentBuilder.Millisecond;
        _b.ServerAcked = 12;
        run.Take(_b.Server(0));
        _b.Now += 100 * SegmentBuilder.Millisecond;
        run.Take(_b.Client(6, "ghi"));

        Assert.Equal("C-3 C:defghijkl", run.Story);
    }

    [Fact]
    public void An_acknowledgement_alone_is_not_believed_beyond_a_window()
    {
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(_b.Client(0, "abc"));
        _b.ServerAcked = 100_000_000;
        run.Take(_b.Server(0));
        run.Reassembler.Tick(_b.Now + 60_000 * SegmentBuilder.Millisecond);
        _b.ServerAcked = 3;
        run.Take(_b.Server(0, "answer"), _b.Client(3, "def"));

        Assert.Equal("C:abc S:answer C:def end:CaptureEnded", run.Flush().Story);
    }

    [Fact]
    public void An_acknowledgement_of_what_no_window_holds_is_not_waited_for()
    {
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(_b.Client(0, "abc"));
        _b.ServerAcked = 1_500_000_000;
        run.Take(_b.Server(0, "answer"));

        Assert.Equal("C:abc S:answer", run.Story);
    }

    [Fact]
    public void Of_holes_on_both_sides_the_one_that_came_first_is_told_first()
    {
        var run = new ReassemblyRun().Take(_b.Handshake());
        (_b.ServerAcked, _b.ClientAcked) = (5, 0);
        var answer = _b.Server(2, "answer");
        _b.ClientAcked = 8;
        var next = _b.Client(7, "next");

        Assert.Equal("C-5 S-2 S:answer C-2 C:next end:CaptureEnded", run.Take(next, answer).Flush().Story);
        Assert.Equal("C-7 C:next S-2 S:answer end:CaptureEnded", ReassemblyRun.Of([.. _b.Handshake(), _b.Client(7, "next") with { Acknowledged = 9_001 }, answer]).Story);
    }

    [Fact]
    public void A_gap_that_nobody_acknowledged_stays_open_for_long()
    {
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(_b.Client(0, "abc"), _b.Client(6, "ghi"));
        _b.Now += 29_000 * SegmentBuilder.Millisecond;
        run.Take(_b.Server(0));
        Assert.Equal("C:abc", run.Story);

        _b.Now += 1_000 * SegmentBuilder.Millisecond;
        run.Reassembler.Tick(_b.Now);

        Assert.Equal("C:abc C-3 C:ghi", run.Story);
    }

    [Fact]
    public void Bytes_that_come_after_they_were_given_up_come_too_late()
    {
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(_b.Client(0, "abc"), _b.Client(6, "ghi"));
        run.Reassembler.Tick(_b.Now + 31_000 * SegmentBuilder.Millisecond);

        Assert.Equal(PacketFate.OutOfPlace, run.FateOf(_b.Client(3, "def")));
        Assert.Equal(PacketFate.Retransmitted, run.FateOf(_b.Client(6, "ghi")));
        Assert.Equal("C:abc C-3 C:ghi end:CaptureEnded", run.Flush().Story);
        Assert.Equal((3, 3), (run.Accounts[ByteFate.OutOfPlace], run.Accounts[ByteFate.Duplicate]));
    }

    [Fact]
    public void Gaps_are_told_at_the_end_in_the_order_of_cause_and_effect()
    {
        _b.ServerAcked = 9;
        Assert.Equal("C:abc C-3 C:ghi S-2 S:answer end:CaptureEnded", ReassemblyRun.Of([.. _b.Handshake(), _b.Client(0, "abc"), _b.Server(2, "answer"), _b.Client(6, "ghi")]).Story);
    }

    [Fact]
    public void What_a_snap_length_cut_off_is_missing_at_once()
    {
        var cut = _b.Client(0, "GET / HTTP/1.1") with { PayloadLength = 100 };
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(cut, _b.Client(100, "next"));

        Assert.Equal("C:GET / HTTP/1.1 C-86 C:next", run.Story);
        Assert.Equal((1, 86), (run.Accounts[Happening.Gap], run.Accounts[Happening.MissingBytes]));
    }

    [Fact]
    public void What_was_cut_off_and_held_is_missing_in_its_place()
    {
        var cut = _b.Client(3, "de") with { PayloadLength = 5 };
        Assert.Equal("C:abcde C-3 C:ij end:CaptureEnded", ReassemblyRun.Of([.. _b.Handshake(), _b.Client(8, "ij"), cut, _b.Client(0, "abc")]).Story);
    }

    [Fact]
    public void What_was_cut_off_is_not_missing_where_another_segment_brought_it()
    {
        var cut = _b.Client(3, "de") with { PayloadLength = 5 };
        Assert.Equal("C:abcdefghi end:CaptureEnded", ReassemblyRun.Of([.. _b.Handshake(), _b.Client(5, "fgh"), cut, _b.Client(0, "abc"), _b.Client(8, "i")]).Story);
    }

    [Fact]
    public void A_segment_of_which_nothing_was_kept_is_a_gap()
    {
        var run = ReassemblyRun.Of([.. _b.Handshake(), _b.Client(0) with { PayloadLength = 1000 }, _b.Client(1000, "next")]);

        Assert.Equal("C-1000 C:next end:CaptureEnded", run.Story);
    }

    [Fact]
    public void Missing_answers_of_a_one_sided_capture_are_no_gaps()
    {
        var run = new ReassemblyRun();
        run.Take(_b.Syn());
        for (var i = 0; i < 10; i++)
        {
            run.Take(_b.Client(i * 3, "ask"));
            _b.ClientAcked += 100;
            run.Take(_b.Client(i * 3 + 3));
            _b.Now += 500 * SegmentBuilder.Millisecond;
        }
        run.Take(_b.Client(30, "", TcpFlags.Fin));
        run.Reassembler.Tick(_b.Now + 300 * SegmentBuilder.Millisecond);

        Assert.Equal("C:askaskaskaskaskaskaskaskaskask C. end:Closed", run.Story);
        Assert.Equal((0, 1), (run.Accounts[Happening.Gap], run.Accounts[Happening.OneSided]));
    }

    [Fact]
    public void The_other_side_of_a_one_sided_capture_is_waited_for_once()
    {
        var run = new ReassemblyRun().Take(_b.Syn(), _b.Client(0, "abc"));
        _b.ClientAcked = 100;
        run.Take(_b.Client(3, "def"));
        Assert.Equal("C:abc", run.Story);
        run.Reassembler.Tick(_b.Now + 201 * SegmentBuilder.Millisecond);
        Assert.Equal("C:abcdef", run.Story);

        _b.ClientAcked = 200;
        run.Take(_b.Client(6, "ghi"));
        _b.ClientAcked = 300;
        run.Take(_b.Client(9, "jkl"));

        Assert.Equal("C:abcdefghijkl", run.Story);
    }

    [Fact]
    public void A_gap_in_a_one_sided_capture_closes_by_time()
    {
        var run = new ReassemblyRun().Take(_b.Syn(), _b.Client(0, "abc"), _b.Client(6, "ghi"));
        run.Reassembler.Tick(_b.Now + 31_000 * SegmentBuilder.Millisecond);

        Assert.Equal("C:abc C-3 C:ghi", run.Story);
    }

    [Fact]
    public void A_fin_waits_for_what_comes_before_it()
    {
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(_b.Client(0, "abc"), _b.Client(6, "", TcpFlags.Fin));
        Assert.Equal("C:abc", run.Story);
        run.Take(_b.Client(3, "def"));

        Assert.Equal("C:abcdef C.", run.Story);
    }

    [Fact]
    public void A_fin_whose_bytes_never_come_tells_how_many_are_missing()
    {
        var run = new ReassemblyRun().Take(_b.Handshake()).Take(_b.Client(0, "abc"), _b.Client(6, "", TcpFlags.Fin));
        _b.ServerAcked = 7;
        run.Take(_b.Server(0, "", TcpFlags.Fin));
        run.Reassembler.Tick(_b.Now + 201 * SegmentBuilder.Millisecond);

        Assert.Equal("C:abc C-3 C. S. end:Closed", run.Story);
    }
}
