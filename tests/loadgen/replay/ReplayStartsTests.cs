using FsCheck;
using FsCheck.Fluent;
using Pressure.LoadGen.Engine;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Replay;

/// <summary>Which request's turn it is, whatever the order in which things happen; in a time that only the test turns.</summary>
public sealed class ReplayStartsTests
{
    /// <summary>
    /// Requests fall due, begin and end in a random order, some too late, and somewhere in between the load is cut off. Each client has one request under way
    /// at the most, in its order; each that was taken ends once; asked is what fell due.
    /// </summary>
    [Fact]
    public void Whatever_happens_turns_are_in_order_and_every_request_ends_once() =>
        Prop.ForAll<int, bool, PositiveInt>((seed, atOnce, most) => Live(seed, atOnce, Math.Min(most.Get, 20))).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static void Live(int seed, bool atOnce, int limit)
    {
        var random = new Random(seed);
        var count = random.Next(1, 200);
        var clients = random.Next(1, 12);
        var requests = Enumerable.Range(0, count).Select(i => MemoryRequest.Get(random.Next(clients), i * random.Next(3), $"/{i}")).OrderBy(r => r.Due).ToList();
        using var replay = new MemoryReplay(requests) { AtOnce = atOnce };
        using var world = new World(replay, ReplayRun.Plan(new("http://127.0.0.1:1/"), order: atOnce ? ReplayRun.AtOnce(limit) : null));
        var cut = random.Next(2 * count);

        for (var step = 0; !world.IsOver; step++)
        {
            world.Turn(random.Next(5));
            for (var i = random.Next(4); i > 0; i--)
                world.BeginOne(random.Next(10) == 0);
            for (var i = random.Next(4); i > 0; i--)
                world.EndOne(random);
            if (atOnce)
                Assert.InRange(world.UnderWay, 0, limit);
            if (step == cut)
                world.Cut();
        }

        world.AssertAccounts(atOnce);
    }

    [Fact]
    public void A_lane_that_is_behind_counts_what_was_due_before_its_second_ended_as_asked_in_it()
    {
        using var replay = new MemoryReplay(MemoryRequest.Get(1, 100, "/"), MemoryRequest.Get(1, 999, "/"), MemoryRequest.Get(2, 1000, "/"), MemoryRequest.Get(3, 1100, "/"));
        using var world = new World(replay, ReplayRun.Plan(new("http://127.0.0.1:1/")));

        world.Turn(1500, countSecond: true);

        Assert.Equal([2, 2], world.Asked());
    }

    [Fact]
    public void A_silent_source_is_looked_at_again_within_a_millisecond_and_one_that_knows_what_comes_when_it_is_due()
    {
        var silent = true;
        using var replay = new MemoryReplay(MemoryRequest.Get(1, 5000, "/")) { Now = () => TimeSpan.Zero, SilentUntil = () => silent ? TimeSpan.MaxValue : TimeSpan.MinValue };
        using var world = new World(replay, ReplayRun.Plan(new("http://127.0.0.1:1/")));

        world.Turn(100);
        Assert.Equal(TimeSpan.FromMilliseconds(101), world.NextLook);
        silent = false;
        world.Turn(1);

        Assert.Equal(TimeSpan.FromSeconds(5), world.NextLook);
    }

    [Fact]
    public void A_client_is_forgotten_once_it_has_neither_requests_nor_a_connection()
    {
        using var replay = new MemoryReplay([.. Enumerable.Range(0, 1000).Select(i => MemoryRequest.Get(i, i, "/"))]);
        var feed = replay.Open(0, 1, "run-1");
        var clients = new ReplayClients(feed);
        var client = clients.Of(7);
        client.Next(feed.Take(), wasHeld: false);

        clients.Settle(client);
        Assert.Same(client, clients.Find(7));
        client.Rest();
        clients.Settle(client);

        Assert.Null(clients.Find(7));
        Assert.Empty(clients.All);
        // And its place is used for the next one.
        Assert.Same(client, clients.Of(8));
    }

    /// <summary>A lane without sockets: what begins is under way until the test ends it.</summary>
    private sealed class World : IDisposable
    {
        private readonly FakeTime _time = new();
        private readonly MemoryReplay _replay;
        private readonly ReplayStarts _starts;
        private readonly LaneBook _book;
        private readonly RunClock _clock;
        private readonly Seconds _seconds;
        private readonly Traffic _traffic;
        private readonly List<Start> _underWay = [];
        private readonly Dictionary<ReplayedRequest, string> _ended = [];
        private readonly Dictionary<long, int> _last = [];

        public World(MemoryReplay replay, LoadPlan plan)
        {
            var job = new EngineJob(Workload.Of(plan), "run-1", 1) { Replay = replay };
            var origins = Origin.Of(plan);
            (_replay, _clock, _seconds) = (replay, new RunClock(_time), new Seconds(plan.Requests.Count));
            _book = new LaneBook(0, plan.Requests.Count, _seconds);
            _traffic = new Traffic(origins, plan, job.Redirects, 100, job.Locals, job.Lease, _book, _clock);
            _starts = new ReplayStarts(replay.Open(0, 1, "run-1"), job.Workload, ScriptTable.OfEndpoints(job, origins), new LaneShare(0, 1, 100), _book, _traffic, _clock);
        }

        public int UnderWay => _underWay.Count;

        public TimeSpan NextLook => _starts.NextLook;

        public bool IsOver => _starts.IsExhausted(_clock.Now) && _underWay.Count == 0;

        /// <summary>Asked by second; the one that goes on is closed.</summary>
        public IReadOnlyList<long> Asked()
        {
            _book.CloseSecond(0, 0, 0);
            return [.. _seconds.Closed.Select(c => c.Asked)];
        }

        public void Dispose() => _traffic.Dispose();

        public void Turn(int milliseconds, bool countSecond = false)
        {
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            while (countSecond && _clock.Now >= _book.SecondEnd)
            {
                _starts.CountAskedBefore(_book.SecondEnd, _book);
                _book.CloseSecond(0, 0, 0);
            }

            _starts.Advance(_clock.Now);
        }

        public void BeginOne(bool tooLate)
        {
            if (_starts.NextDue > _clock.Now)
                return;
            var start = _starts.Take();
            var request = (MemoryRequest)start.Client!.Current!;
            Assert.True(start.Due <= _clock.Now);
            Assert.DoesNotContain(_underWay, s => s.Client == start.Client);
            var position = _replay.Requests.ToList().IndexOf(request);
            Assert.True(position > _last.GetValueOrDefault(request.Client, -1));
            _last[request.Client] = position;
            if (tooLate)
                Drop(start);
            else
                _underWay.Add(start);
        }

        public void EndOne(Random random)
        {
            if (_underWay.Count == 0)
                return;
            var start = _underWay[random.Next(_underWay.Count)];
            _underWay.Remove(start);
            Assert.True(_ended.TryAdd(start.Client!.Current!, "over"));
            _starts.Return(start, reached: true, _clock.Now);
        }

        public void Cut()
        {
            _starts.Advance(_clock.Now);
            while (_starts.NextDue <= _clock.Now)
                Drop(_starts.Take());
            _starts.End();
        }

        public void AssertAccounts(bool atOnce)
        {
            Assert.Equal(_replay.Taken, _ended.Count + _replay.Dropped.Count);
            Assert.DoesNotContain(_replay.Dropped, _ended.ContainsKey);
            Assert.Equal(_replay.Dropped.Count, _replay.Dropped.Distinct().Count());
            if (!atOnce)
                Assert.Equal(_replay.Taken, Asked().Sum());
        }

        // As the flow does it, but for the accounts.
        private void Drop(in Start start)
        {
            start.Client!.Drop();
            _starts.Return(start, reached: false, _clock.Now);
        }
    }

    private sealed class Seconds(int requests) : ISecondSink
    {
        public List<RequestInterval> Closed { get; } = [];

        public LaneSecond Exchange(int lane, LaneSecond closed)
        {
            Closed.Add(closed.Counts.Requests[0]);
            return new(requests);
        }
    }
}
