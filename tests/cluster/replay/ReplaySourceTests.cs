using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster.Tests;

public sealed class ReplaySourceTests
{
    private static readonly ReplayOrder Plain = new() { Captures = ["fake.capture"] };

    [Theory]
    [InlineData(1, new double[] { 0, 250, 1000 })]
    [InlineData(2, new double[] { 0, 125, 500 })]
    [InlineData(0.5, new double[] { 0, 500, 2000 })]
    public void Requests_are_due_when_they_were_captured_at_a_speed(double speed, double[] due)
    {
        var capture = new FakeCapture().Get(1, 5000, "/a").Get(2, 5250, "/b").Get(1, 6000, "/c");
        var played = PlayedReplay.Of(Plain with { Speed = speed }, 1, capture);
        Assert.Equal(due, played.Requests.Select(r => r.Due.TotalMilliseconds));
        Assert.Equal(["/a", "/b", "/c"], played.Requests.Select(r => r.Target));
        Assert.Equal(speed, played.Account.Speed);
    }

    [Fact]
    public void With_a_rate_the_nth_request_is_due_at_n_over_the_rate()
    {
        var capture = new FakeCapture().Get(1, 0, "/a").Get(2, 1, "/b").Get(1, 90_000, "/c").Get(3, 90_001, "/d");
        var played = PlayedReplay.Of(Plain with { Rate = new Rate(3, TimeSpan.FromSeconds(1)) }, 2, capture);
        Assert.Equal([0, 3_333_333, 6_666_666, 10_000_000], played.Requests.Select(r => r.Due.Ticks).Order());
        Assert.Equal(3, played.Account.Rate);
        Assert.Null(played.Account.Speed);
    }

    [Fact]
    public void As_fast_as_possible_everything_is_due_at_once_and_there_is_no_timing()
    {
        var capture = new FakeCapture().Get(1, 0, "/a").Get(2, 700, "/b");
        var played = PlayedReplay.Of(Plain with { Speed = double.PositiveInfinity }, 1, capture);
        Assert.All(played.Requests, r => Assert.Equal(TimeSpan.Zero, r.Due));
        Assert.Empty(played.Account.Timing);
        Assert.Null(played.Account.Speed);
    }

    [Fact]
    public void Captures_begin_at_once_unless_they_are_laid_over_each_other_by_the_clock()
    {
        FakeCapture[] captures = [new FakeCapture("one").Get(1, 100, "/1a").Get(1, 400, "/1b"), new FakeCapture("two").Get(1, 1200, "/2a").Get(1, 1300, "/2b")];
        var atOnce = PlayedReplay.Of(Plain, 1, captures).Requests;
        Assert.Equal(["/1a 0", "/2a 0", "/2b 100", "/1b 300"], atOnce.Select(r => $"{r.Target} {r.Due.TotalMilliseconds}"));
        Assert.Equal(2, atOnce.Select(r => r.Client).Distinct().Count());
        var byClock = PlayedReplay.Of(Plain with { AlignsByClock = true }, 1, captures).Requests;
        Assert.Equal(["/1a 0", "/1b 300", "/2a 1100", "/2b 1200"], byClock.Select(r => $"{r.Target} {r.Due.TotalMilliseconds}"));
    }

    [Fact]
    public void Copies_are_clients_of_their_own_who_begin_later_and_keep_their_distances()
    {
        var capture = new FakeCapture();
        for (var i = 0; i < 40; i++)
            capture.Get(i % 4, i * 25, $"/{i % 4}/{i}");
        var order = Plain with { Multiply = 5, Jitter = TimeSpan.FromMilliseconds(500) };
        var played = PlayedReplay.Of(order, 1, capture).Requests;

        Assert.Equal(200, played.Count);
        Assert.Equal(played.Select(r => r.Due).Order(), played.Select(r => r.Due));
        var clients = played.GroupBy(r => r.Client).ToList();
        Assert.Equal(20, clients.Count);
        Assert.All(clients, c => Assert.Equal(10, c.Count()));
        foreach (var same in clients.GroupBy(c => c.First().Target[..3]))
        {
            var delays = same.Select(c => c.First().Due - TimeSpan.FromMilliseconds(25 * (same.Key[1] - '0'))).Order().ToList();
            Assert.Equal(TimeSpan.Zero, delays[0]);
            Assert.All(delays, d => Assert.InRange(d, TimeSpan.Zero, order.Jitter));
            Assert.Equal(5, delays.Distinct().Count());
            Assert.All(same, c => Assert.All(c.Zip(c.Skip(1)), p => Assert.Equal(100, (p.Second.Due - p.First.Due).TotalMilliseconds, 3)));
        }

        Assert.Equal(played.Select(r => (r.Client, r.Due)), PlayedReplay.Of(order, 1, capture).Requests.Select(r => (r.Client, r.Due)));
    }

    [Fact]
    public void Loops_begin_again_after_the_captures_length_as_new_clients()
    {
        var capture = new FakeCapture().Get(1, 0, "/a").Get(2, 100, "/b", ExchangeMarks.Last).Get(1, 200, "/c");
        var played = PlayedReplay.Of(Plain with { Loops = 3 }, 1, capture);
        var sent = played.Requests.Where(r => !r.IsFarewell).ToList();
        // 200 ms, and the usual distance of 100 ms.
        Assert.Equal([0, 100, 200, 300, 400, 500, 600, 700, 800], sent.Select(r => r.Due.TotalMilliseconds));
        Assert.Equal(6, sent.Select(r => r.Client).Distinct().Count());
        Assert.Equal(3, played.Account.Captures[0].Requests);
        Assert.Equal(9, played.Account.Sent);
        Assert.Equal(1, capture.Readings);
    }

    [Fact]
    public void Endless_loops_go_on_until_nobody_wants_any_more()
    {
        var capture = new FakeCapture().Get(1, 0, "/a").Get(2, 100, "/b");
        var played = PlayedReplay.Of(Plain with { Loops = int.MaxValue, Speed = double.PositiveInfinity }, 2, null, 100_000, capture);
        Assert.Equal(100_000, played.Requests.Count);
    }

    [Fact]
    public void What_is_due_after_the_duration_is_not_planned()
    {
        var capture = new FakeCapture().Get(1, 0, "/a").Get(1, 999, "/b").Get(1, 1000, "/c").Get(1, 1001, "/d");
        var played = PlayedReplay.Of(Plain with { Duration = TimeSpan.FromSeconds(1) }, 1, capture);
        Assert.Equal(["/a", "/b"], played.Requests.Select(r => r.Target));
        Assert.Equal((2, 2), (played.Account.Planned, played.Account.Sent));
    }

    [Fact]
    public void The_last_request_of_a_connection_says_so_and_one_that_is_skipped_becomes_a_farewell()
    {
        var capture = new FakeCapture()
            .Get(1, 0, "/a").Get(1, 10, "/b", ExchangeMarks.Last)
            .Get(2, 1, "/c").Add(2, 20, "POST /d HTTP/1.1\r\nHost: x\r\n", "x", marks: ExchangeMarks.Last)
            .Add(3, 21, "POST /e HTTP/1.1\r\nHost: x\r\n", "x", marks: ExchangeMarks.Last);
        var played = PlayedReplay.Of(Plain, 1, capture).Requests;
        Assert.Equal(["/a", "/c", "/b!", "bye"], played.Select(r => r.IsFarewell ? "bye" : r.Target + (r.IsLast ? "!" : "")));
        Assert.Equal(played[1].Client, played[3].Client);
    }

    [Fact]
    public void Connections_that_never_ended_end_with_their_loop()
    {
        var capture = new FakeCapture().Get(1, 0, "/a").Get(1, 10, "/b");
        var played = PlayedReplay.Of(Plain with { Loops = 3 }, 1, capture).Requests;
        Assert.Equal(["/a", "/b", "bye", "/a", "/b!", "/a", "/b!"], played.Select(r => r.IsFarewell ? "bye" : r.Target + (r.IsLast ? "!" : "")));
        Assert.True(played[2].Due <= played[3].Due);
    }

    [Fact]
    public void Lanes_get_whole_clients_all_of_them_in_order()
    {
        var capture = new FakeCapture();
        for (var i = 0; i < 20_000; i++)
            capture.Get(i % 97, i * 0.01, $"/{i}");
        var played = PlayedReplay.Of(Plain with { Multiply = 2, Jitter = TimeSpan.Zero }, 3, capture).Requests;
        Assert.Equal(40_000, played.Count);
        Assert.All(played.GroupBy(r => r.Client), c =>
        {
            Assert.Single(c.Select(r => r.Lane).Distinct());
            var numbers = c.Select(r => int.Parse(r.Target[1..])).ToList();
            Assert.Equal(numbers.Order(), numbers);
        });
        Assert.Equal(3, played.Select(r => r.Lane).Distinct().Count());
        Assert.All(played.GroupBy(r => r.Target), t => Assert.Equal(2, t.Count()));
        Assert.All(played.GroupBy(r => r.Lane), l => Assert.Equal(l.Select(r => r.Due).Order(), l.Select(r => r.Due)));
    }

    [Fact]
    public void Raw_TCP_is_replayed_turn_by_turn_when_asked_and_not_beyond_a_gap()
    {
        var capture = new FakeCapture()
            .Turn(1, 0, "PING\r\n", "+PONG\r\n").Turn(1, 5, "GET a\r\n", "$1\r\nx\r\n")
            .Turn(2, 6, "MULTI\r\n", "+OK\r\n", ExchangeMarks.RequestIncomplete).Turn(2, 7, "DEL a\r\n", ":1\r\n");
        var played = PlayedReplay.Of(Plain with { Tcp = true }, 1, capture);
        Assert.Equal([("PING\r\n", (int?)7), ("GET a\r\n", 7)], played.Requests.Select(r => (r.Text, r.Awaited)));
        Assert.Equal(new Dictionary<string, long> { ["incomplete"] = 1, ["after-gap"] = 1 }, played.Account.Skipped);
        Assert.Equal(4, PlayedReplay.Of(Plain, 1, capture).Account.Skipped["tcp"]);
    }

    [Fact]
    public void A_capture_that_breaks_off_is_told_and_ends_the_replay()
    {
        using var source = new ReplaySource(PlayedReplay.JobOf(Plain, new FakeCapture().Get(1, 0, "/a")) with { Captures = [new BrokenCapture()] }, TimeProvider.System);
        var feed = source.Open(new(WorkShare.Whole, 0, 1, "run-1"));
        Assert.True(SpinWait.SpinUntil(() => feed.IsExhausted, TimeSpan.FromSeconds(30)));
        Assert.Equal("gone", source.Failure?.Message);
    }

    private sealed class BrokenCapture : ICaptureReader
    {
        public CaptureInfo Info => new() { Name = "broken", Exchanges = 2, Connections = 1, FirstAt = 1, LastAt = 2 };

        public IEnumerable<CapturedExchange> ByTime() => throw new IOException("gone");

        public void Dispose()
        {
        }
    }
}
