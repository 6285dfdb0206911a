using FsCheck;
using FsCheck.Fluent;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.TestKit;
using Pressure.TrafficCopy;

namespace Pressure.Cluster.Tests;

/// <summary>What holds for every replay of every capture.</summary>
public sealed class ReplayProperties
{
    private static readonly string[] Methods = ["GET", "GET", "GET", "HEAD", "POST", "BREW"];
    private static readonly string[] Paths = ["/a", "/b/1", "/b/2?x=1", "/c d", "*", ""];
    private static readonly ExchangeMarks[] Marks = [default, default, default, ExchangeMarks.RequestIncomplete, ExchangeMarks.Smuggling, ExchangeMarks.Upgrade, ExchangeMarks.RequestCut, ExchangeMarks.Last];

    [Fact]
    public void Whatever_was_captured_is_replayed_or_skipped_for_a_reason() => ForAny((captures, order, lanes) =>
    {
        var played = PlayedReplay.Of(order, lanes, captures);
        var account = played.Account;
        var requests = captures.Sum(c => (long)c.Exchanges.Count);
        var replayed = account.Captures.Sum(c => c.Replayed);
        Assert.Equal(requests, account.Captures.Sum(c => c.Requests));
        Assert.Equal(requests, replayed + account.Skipped.Values.Sum());
        Assert.Equal(replayed * order.Multiply * order.Loops, account.Planned);
        Assert.Equal(account.Planned, account.Sent);
        Assert.Equal(account.Planned, played.Requests.Count(r => !r.IsFarewell));
        return true;
    });

    [Fact]
    public void Every_client_says_what_its_connection_said_in_its_order_and_then_leaves() => ForAny((captures, order, lanes) =>
    {
        var played = PlayedReplay.Of(order, lanes, captures);
        var said = captures.SelectMany((c, i) => Replayed(c, order).Select(e => (Capture: i, Exchange: e))).GroupBy(e => (e.Capture, e.Exchange.Connection))
            .Select(c => string.Join('\n', c.Select(e => Start(e.Exchange)))).ToList();
        var clients = played.Requests.GroupBy(r => r.Client).ToList();
        var expected = said.SelectMany(s => Enumerable.Repeat(s, order.Multiply * order.Loops)).Order();
        Assert.Equal(expected, clients.Select(c => string.Join('\n', c.Where(r => !r.IsFarewell).Select(r => r.Awaited is null ? r.StartLine : r.Text))).Order());
        Assert.All(clients, c =>
        {
            Assert.Single(c.Select(r => r.Lane).Distinct());
            Assert.All(c.SkipLast(1), r => Assert.False(r.IsLast || r.IsFarewell));
        });
        return true;
    });

    [Fact]
    public void Lanes_divide_what_one_lane_would_send_and_nothing_is_due_before_what_came_earlier() => ForAny((captures, order, lanes) =>
    {
        var alone = PlayedReplay.Of(order, 1, captures).Requests;
        var divided = PlayedReplay.Of(order, lanes, captures).Requests;
        Assert.Equal(alone.Select(Text).Order(), divided.Select(Text).Order());
        Assert.All(divided.GroupBy(r => r.Lane), l => Assert.Equal(l.Select(r => r.Due).Order(), l.Select(r => r.Due)));
        return true;
    });

    [Fact]
    public void Shares_divide_what_one_engine_would_send_whoever_takes_them_over() => ForAny((captures, order, lanes) =>
    {
        var split = new ShareSplit([1, lanes, 2]);
        var from = TimeSpan.FromSeconds(lanes % 2);
        var isTimed = new ReplayTimes(order, 0, 0).AreTimed;
        var alone = PlayedReplay.Of(order, 1, captures).Requests;
        var shares = Enumerable.Range(0, split.Count).Select(i => PlayedReplay.Of(order, new WorkShare(split, i), lanes, captures).Requests).ToList();
        Assert.Equal(alone.Select(Text).Order(), shares.SelectMany(s => s).Select(Text).Order());
        // Whole clients, each with one share.
        Assert.All(shares.SelectMany((requests, i) => requests.Select(r => (r.Client, Share: i))).GroupBy(r => r.Client), c => Assert.Single(c.Select(r => r.Share).Distinct()));

        var taken = PlayedReplay.Of(order, new WorkShare(split, 1) { From = from }, lanes % 3 + 1, captures).Requests.Where(r => !r.IsFarewell);
        var rest = shares[1].Where(r => !r.IsFarewell && r.Due >= from && (isTimed || from == TimeSpan.Zero));
        Assert.Equal(rest.Select(Text).Order(), taken.Select(Text).Order());
        return true;
    });

    [Fact]
    public void What_shares_tell_adds_up_to_what_one_engine_tells_however_it_is_grouped() => ForAny((captures, order, lanes) =>
    {
        var split = new ShareSplit([1, lanes, 2]);
        var alone = PlayedReplay.Of(order, 1, captures);
        List<ReplayAccount> told = [.. Enumerable.Range(0, split.Count).Select(i => PlayedReplay.Of(order, new WorkShare(split, i), lanes, captures).Told)];
        var infos = captures.Select(c => c.Info).ToList();
        var rules = new ReplayAccountRules(infos, [], compares: false);
        Assert.All(told, t => Assert.Null(rules.WhyNot(t)));
        Assert.All(told, t => Assert.Null(ReplayAccountRules.Conflict(t, alone.Told)));
        ReplayAccount[] sums =
        [
            ReplayAccounts.Sum(captures.Length, told),
            ReplayAccounts.Sum(captures.Length, [told[2], ReplayAccounts.Sum(captures.Length, [told[1], told[0]])]),
            ReplayAccounts.Sum(captures.Length, [ReplayAccounts.Sum(captures.Length, [told[0], told[2]]), ReplayAccounts.Sum(captures.Length, []), told[1]]),
        ];
        Assert.All(sums, s => Assert.Equal(Written(alone.Account), Written(ReplayAccounts.Record(order, infos, s))));
        return true;

        static string Written(ReplayRecord record) => System.Text.Json.JsonSerializer.Serialize(record);
    });

    [Fact]
    public void What_a_share_has_to_send_is_known_to_whoever_goes_through_the_captures() => ForAny((captures, order, lanes) =>
    {
        int[] weights = [1, lanes, 2];
        var split = new ShareSplit([.. weights.Select(w => (decimal)w)]);
        var job = PlayedReplay.JobOf(order, captures);
        var plan = new LoadPlan { Name = "t", Target = job.Target, Duration = TimeSpan.FromDays(1), Load = new Load.Replay(order), Scenarios = [new Scenario("replay", 1, ReplayEndpoints.Requests(job.Endpoints, job.Target))] };
        var prepared = new PreparedReplay(plan, job, ReplayScan.Of(job));
        var (expected, cut, end) = (new ReplayExpectation(prepared, weights, new FakeTime()), new ReplayExpectation(prepared, weights, new FakeTime()), TimeSpan.FromSeconds(0.3));
        for (var share = 0; share < split.Count; share++)
        {
            var played = PlayedReplay.Of(order, new WorkShare(split, share), lanes, captures).Requests.Where(r => !r.IsFarewell).ToList();
            Assert.Equal(Counts(played, plan), expected.In(share, TimeSpan.Zero, TimeSpan.FromDays(1)));
            Assert.Equal(Counts(played.Where(r => r.Due < end), plan), cut.In(share, TimeSpan.Zero, end));
            var second = TimeSpan.FromSeconds(share);
            Assert.Equal(Counts(played.Where(r => r.Due >= second && r.Due < second + TimeSpan.FromSeconds(1)), plan), expected.In(share, second, second + TimeSpan.FromSeconds(1)));
        }
        return true;

        static long[] Counts(IEnumerable<PlayedRequest> requests, LoadPlan plan)
        {
            var counts = new long[plan.Requests.Count];
            foreach (var request in requests)
                counts[request.Endpoint]++;
            return counts;
        }
    });

    [Fact]
    public void At_captured_timing_each_copy_is_its_original_moved_by_one_delay() => ForAny((captures, order, lanes) =>
    {
        if (!new ReplayTimes(order, 0, 0).AreCaptured)
            return true;
        var played = PlayedReplay.Of(order with { Loops = 1 }, lanes, captures).Requests.Where(r => !r.IsFarewell).ToList();
        var offsets = captures.SelectMany((c, i) => Replayed(c, order).Select(e => (Key: (i, e.Connection), Ticks: (long)((e.At - c.Info.FirstAt) / order.Speed / 100)))).GroupBy(e => e.Key)
            .SelectMany(c => Enumerable.Repeat(string.Join(' ', c.Select(e => e.Ticks - c.First().Ticks)), order.Multiply)).Order();
        // What a rounding of one tick moves is no difference.
        var gaps = played.GroupBy(r => r.Client).Select(c => string.Join(' ', c.Select(r => r.Due.Ticks - c.First().Due.Ticks))).Order();
        Assert.Equal(offsets, gaps);
        return true;
    });

    private static string Text(PlayedRequest r) => $"{r.Client} {r.Due.Ticks} {r.IsLast} {r.IsFarewell} {r.Text}";

    private static List<CapturedExchange> Replayed(FakeCapture capture, ReplayOrder order)
    {
        var judge = new ReplayJudge(PlayedReplay.JobOf(order, capture));
        return [.. capture.Exchanges.OrderBy(e => e.At).Where(e => judge.Judge(e, 0) == SkipReason.None)];
    }

    private static string Start(CapturedExchange exchange)
    {
        if (exchange.Protocol == TrafficProtocol.Tcp)
            return System.Text.Encoding.Latin1.GetString(exchange.Request.Body.Span);
        var text = System.Text.Encoding.Latin1.GetString(exchange.Request.Head.Span);
        return text[..text.IndexOf("\r\n", StringComparison.Ordinal)];
    }

    private static void ForAny(Func<FakeCapture[], ReplayOrder, int, bool> holds)
    {
        var orders = from speed in Gen.Elements(1.0, 2.0, 0.5, double.PositiveInfinity)
                     from rate in Gen.Elements<Rate?>(null, null, null, new Rate(7, TimeSpan.FromSeconds(1)))
                     from multiply in Gen.Choose(1, 4)
                     from jitter in Gen.Choose(0, 300)
                     from loops in Gen.Choose(1, 3)
                     from tcp in Gen.Elements(true, false)
                     from post in Gen.Elements(true, false)
                     select new ReplayOrder
                     {
                         Captures = ["any"],
                         Speed = speed,
                         Rate = rate,
                         Multiply = multiply,
                         Jitter = TimeSpan.FromMilliseconds(jitter),
                         Loops = loops,
                         Tcp = tcp,
                         Methods = post ? ["GET", "HEAD", "POST"] : ["GET", "HEAD"],
                     };
        var runs = from captures in Gen.Choose(1, 3).SelectMany(n => Gen.ArrayOf(Capture(), n))
                   from order in orders
                   from lanes in Gen.Choose(1, 3)
                   select (captures, order, lanes);
        Prop.ForAll(runs.ToArbitrary(), r => holds(r.captures, r.order, r.lanes)).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private static Gen<FakeCapture> Capture()
    {
        var exchange = from connection in Gen.Choose(1, 6)
                       from gap in Gen.Choose(0, 40)
                       from method in Gen.Elements(Methods)
                       from path in Gen.Elements(Paths)
                       from marks in Gen.Elements(Marks)
                       from raw in Gen.Choose(0, 9)
                       select (connection, gap, method, path, marks, raw);
        return Gen.Choose(0, 40).SelectMany(n => Gen.ArrayOf(exchange, n)).Select(exchanges =>
        {
            var capture = new FakeCapture();
            var at = 0;
            var over = new HashSet<int>();
            foreach (var (connection, gap, method, path, marks, raw) in exchanges)
            {
                at += gap;
                if (!over.Contains(connection) && raw == 0)
                    capture.Turn(connection + 10, at, $"PING {at}\r\n", "+PONG\r\n", marks & ~ExchangeMarks.Last);
                else if (!over.Contains(connection))
                    capture.Add(connection, at, $"{method} {path} HTTP/1.1\r\nHost: x\r\n", method == "POST" ? "a=1" : "", marks: marks);
                if (marks == ExchangeMarks.Last && raw != 0)
                    over.Add(connection);
            }

            return capture;
        });
    }
}
