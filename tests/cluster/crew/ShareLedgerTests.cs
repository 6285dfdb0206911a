using Pressure.Record;

namespace Pressure.Cluster.Tests;

public sealed class ShareLedgerTests
{
    [Fact]
    public void A_second_counts_once()
    {
        var ledger = new ShareLedger(["a", "b"]);
        Assert.Equal(SecondFate.Taken, ledger.Take("a", 0, 0, Second(3, started: 5)));
        Assert.Equal(SecondFate.Repeated, ledger.Take("a", 0, 0, Second(3, started: 5)));
        Assert.Equal(SecondFate.Taken, ledger.Take("b", 1, 0, Second(3, started: 5)));
    }

    [Fact]
    public void Nobody_tells_of_what_was_never_given_to_it()
    {
        var ledger = new ShareLedger(["a", "b"]);
        Assert.Equal(SecondFate.Unknown, ledger.Take("a", 1, 0, Second(0)));
        Assert.Equal(SecondFate.Unknown, ledger.Take("a", 0, 1, Second(0)));
        Assert.Equal(SecondFate.Unknown, ledger.Take("a", 7, 0, Second(0)));
        Assert.Equal(SecondFate.Unknown, ledger.Take("a", -1, -1, Second(0)));
        ledger.Give(0, "b", TimeSpan.FromSeconds(9));
        Assert.Equal(SecondFate.Unknown, ledger.Take("b", 0, 1, Second(8)));
    }

    [Fact]
    public void The_second_within_which_a_share_changes_hands_is_told_by_both()
    {
        var ledger = new ShareLedger(["a", "b"]);
        ledger.Lose("a");
        ledger.Give(0, "b", TimeSpan.FromSeconds(9.4));
        Assert.False(ledger.IsComplete(9));
        Assert.Equal(SecondFate.Taken, ledger.Take("a", 0, 0, Second(9, started: 3)));
        Assert.Equal(SecondFate.Unknown, ledger.Take("b", 0, 1, Second(8)));
        Assert.Equal(SecondFate.Taken, ledger.Take("b", 0, 1, Second(9, started: 5)));
        Assert.Equal(SecondFate.Fenced, ledger.Take("a", 0, 0, Second(10, started: 1)));
    }

    [Fact]
    public void A_lost_worker_may_tell_what_it_did_until_the_next_one_began_and_how_that_ended_but_no_more()
    {
        var ledger = new ShareLedger(["a", "b"]);
        Assert.Equal("a", Assert.Single(ledger.Lose("a")).Worker);
        ledger.Give(0, "b", TimeSpan.FromSeconds(9));
        Assert.Equal(SecondFate.Taken, ledger.Take("a", 0, 0, Second(8, started: 5)));
        Assert.Equal(SecondFate.Taken, ledger.Take("a", 0, 0, Second(9, ok: 5)));
        Assert.Equal(SecondFate.Fenced, ledger.Take("a", 0, 0, Second(10, started: 1)));
        Assert.Equal(SecondFate.Taken, ledger.Take("b", 0, 1, Second(9, started: 5)));
        Assert.Equal([new ShareHolder(0, 1, "b"), new ShareHolder(1, 0, "b")], ledger.Holders);
    }

    [Fact]
    public void A_lost_share_has_no_holder_until_it_is_given_away()
    {
        var ledger = new ShareLedger(["a", "b"]);
        ledger.Lose("a");
        Assert.Equal([new ShareHolder(1, 0, "b")], ledger.Holders);
        Assert.True(ledger.Take("b", 1, 0, Second(0)) == SecondFate.Taken && ledger.IsComplete(0));
        Assert.False(ledger.IsComplete(1));
    }

    [Fact]
    public void Who_is_done_with_a_share_does_not_lose_it_when_it_goes()
    {
        var ledger = new ShareLedger(["a"]);
        ledger.Find(0, 0, "a")!.Ended = new ShareEnded("a", 0, 0) { Seconds = 5, Until = TimeSpan.FromSeconds(5) };
        Assert.Empty(ledger.Lose("a"));
    }

    [Fact]
    public void Told_seconds_take_little_memory_in_order_and_are_right_in_any()
    {
        var told = new ToldSeconds();
        var random = new Random(5);
        var seconds = Enumerable.Range(10, 500).OrderBy(_ => random.Next()).ToList();
        Assert.All(seconds, s => Assert.True(told.Add(s)));
        Assert.All(seconds, s => Assert.False(told.Add(s)));
        Assert.Equal((500, 509), (told.Count, told.Last));
        Assert.False(told.Contains(9) || told.Contains(510));
    }

    private static Interval Second(int second, long started = 0, long ok = 0)
    {
        var interval = new Interval(0, second, 1) { IterationsStarted = started };
        interval.Requests[0].Ok = ok;
        return interval;
    }
}
