using FsCheck;
using FsCheck.Fluent;
using Pressure.Record;
using Interval = Pressure.Record.Interval;

namespace Pressure.Cluster.Tests;

public sealed class LostLoadTests
{
    private const int PerSecond = 10;

    [Fact]
    public void What_nobody_made_is_counted_in_the_second_in_which_it_was_due()
    {
        var (ledger, told) = Begun("a");
        Tell(ledger, told, 0, from: 0, to: 3);
        ledger.Lose("a");
        ledger.Give(0, "b", TimeSpan.FromSeconds(6));
        Tell(ledger, told, 1, from: 6, to: 10);
        var (seconds, events) = Count(ledger, told, 10);
        Assert.Equal([(3, 10L), (4, 10L), (5, 10L)], seconds.Select(s => (s.Second, s.Requests[0].NotSent)));
        var unsent = Assert.Single(events);
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6), "a", 30L), (unsent.At, unsent.Until, unsent.Worker, unsent.Requests));
    }

    [Fact]
    public void A_lease_that_ended_within_a_second_leaves_the_rest_of_that_second()
    {
        var (ledger, told) = Begun("a");
        Tell(ledger, told, 0, from: 0, to: 2);
        Told(ledger, told, 0, 2, asked: 4, sent: 4, ok: 4);
        ledger.Find(0, 0, "a")!.Ended = new ShareEnded("a", 0, 0) { Seconds = 3, Until = TimeSpan.FromSeconds(2.4), LeaseRanOut = true };
        ledger.Lose("a");
        ledger.Find(0, 0, "a")!.IsLost = true;
        ledger.Give(0, "b", TimeSpan.FromSeconds(4));
        Tell(ledger, told, 1, from: 4, to: 6);
        var (seconds, events) = Count(ledger, told, 6);
        Assert.Equal([(2, 6L), (3, 10L)], seconds.Select(s => (s.Second, s.Requests[0].Asked)));
        Assert.Equal(16, Assert.Single(events).Requests);
    }

    [Fact]
    public void What_was_waiting_or_under_way_when_its_worker_died_is_settled()
    {
        var (ledger, told) = Begun("a");
        Told(ledger, told, 0, 0, asked: 10, sent: 7, ok: 5);
        ledger.Lose("a");
        var (seconds, _) = Count(ledger, told, 1);
        var rest = Assert.Single(seconds).Requests[0];
        Assert.Equal((0L, 0L, 3L, 2L, 2L), (rest.Asked, rest.Sent, rest.NotSent, rest.Failed, rest.ErrorCount(RequestError.Stopped)));
    }

    [Fact]
    public void A_share_that_nobody_lost_is_taken_as_it_was_told()
    {
        var (ledger, told) = Begun("a");
        Told(ledger, told, 0, 0, asked: 3, sent: 3, ok: 3);
        Assert.Empty(Count(ledger, told, 1).Seconds);
    }

    [Fact]
    public void Of_a_load_that_nobody_can_foretell_only_what_was_begun_is_settled()
    {
        var (ledger, told) = Begun("a");
        Told(ledger, told, 0, 0, asked: 10, sent: 10, ok: 8);
        ledger.Lose("a");
        var (seconds, events) = new LostLoad(ledger, told, (_, _, _) => null, 1).Count(TimeSpan.FromSeconds(9));
        Assert.Equal((0L, 0L, 2L), Assert.Single(seconds).Requests[0] is var r ? (r.Asked, r.NotSent, r.Failed) : default);
        Assert.Empty(events);
    }

    [Fact]
    public void Whatever_was_told_before_whoever_was_lost_all_that_was_asked_is_what_the_schedule_asks_for() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps =>
        {
            var (ledger, told) = Begun("w0");
            var (second, epoch, end) = (0, 0, 40);
            foreach (var step in steps.TakeWhile(_ => second < end))
            {
                if (step % 5 == 0)
                {
                    ledger.Lose($"w{epoch}");
                    var from = second + (step / 5 % 4);
                    if (from >= end)
                        break;
                    ledger.Give(0, $"w{++epoch}", TimeSpan.FromSeconds(second = from));
                }
                else
                {
                    var asked = step % 5 == 1 ? step % 7 : PerSecond;
                    Told(ledger, told, epoch, second++, asked, sent: asked / 2, ok: asked / 3);
                }
            }
            ledger.Lose($"w{epoch}");
            var before = told[0].Asked(0);
            var (seconds, events) = Count(ledger, told, end);
            var all = before + seconds.Sum(s => s.Requests[0].Asked);
            foreach (var unsent in seconds)
                told[0].Add(unsent);
            return all == end * PerSecond && told[0].Waiting(0) == 0 && told[0].UnderWay(0) == 0 && events.Sum(e => e.Requests) == seconds.Sum(s => s.Requests[0].NotSent);
        }).QuickCheckThrowOnFailure();

    private static (ShareLedger Ledger, ShareTotals[] Told) Begun(string worker) => (new ShareLedger([worker]), [new ShareTotals(1)]);

    private static void Tell(ShareLedger ledger, ShareTotals[] told, int epoch, int from, int to)
    {
        for (var second = from; second < to; second++)
            Told(ledger, told, epoch, second, PerSecond, PerSecond, PerSecond);
    }

    private static void Told(ShareLedger ledger, ShareTotals[] told, int epoch, int second, long asked, long sent, long ok)
    {
        var interval = new Interval(0, second, 1) { IterationsStarted = asked };
        (interval.Requests[0].Asked, interval.Requests[0].Sent, interval.Requests[0].Ok) = (asked, sent, ok);
        Assert.Equal(SecondFate.Taken, ledger.Take(ledger.Shares[0][epoch].Worker, 0, epoch, interval));
        told[0].Add(interval);
    }

    private static (IReadOnlyList<Interval> Seconds, IReadOnlyList<TimelineEvent.ShareUnsent> Events) Count(ShareLedger ledger, ShareTotals[] told, int end) =>
        new LostLoad(ledger, told, (_, from, until) => [(long)Math.Ceiling(until.TotalSeconds * PerSecond) - (long)Math.Ceiling(from.TotalSeconds * PerSecond)], 1).Count(TimeSpan.FromSeconds(end));
}
