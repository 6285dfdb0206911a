using System.Collections.Concurrent;
using Pressure.LoadGen.Tests.Engine;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Share;

public sealed class ManyEnginesTests
{
    private static readonly decimal[] Eight = [1, 1, 1, 1, 1, 1, 1, 1];

    [Theory]
    [InlineData(Arrivals.Uniform, false)]
    [InlineData(Arrivals.Poisson, false)]
    [InlineData(Arrivals.Uniform, true)]
    public async Task Eight_engines_ask_for_what_one_asks_for(Arrivals arrivals, bool overHandler)
    {
        var both = await Task.WhenAll(Together([1], arrivals, overHandler), Together(Eight, arrivals, overHandler));
        var (one, eight) = (both[0], both[1]);

        Assert.Equal(one.ByName, eight.ByName);
        Assert.Equal(one.Seconds, eight.Seconds);
        // Each of the eight presses both scenarios.
        Assert.All(eight.Engines, names => Assert.Equal(["/a", "/b", "/c"], names.Keys.Order()));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.234)]
    public async Task Shares_by_capacity_that_are_taken_over_add_up_too(double from)
    {
        var takenAt = TimeSpan.FromSeconds(from);
        var whole = await Together([1], Arrivals.Uniform, overHandler: false);
        // The second worker is lost with its lease at 0.7 s, and another one takes over, with a full second or within one.
        var taken = await Together([3, 1, 2], Arrivals.Uniform, overHandler: false, lostAt: TimeSpan.FromSeconds(0.7), takenAt: takenAt);

        var lost = new ShareExpectation(taken.Workload, new(new([3, 1, 2]), 1)).In(TimeSpan.FromSeconds(0.7), takenAt).Requests;
        Assert.All(lost, l => Assert.True(l > 0));
        Assert.Equal(whole.ByName.Values.Select(v => (long)v), taken.ByName.Values.Zip(lost, (sent, l) => sent + l).Zip(taken.NotSent, (sum, n) => sum + n));
    }

    [Fact]
    public async Task Users_of_eight_engines_are_those_of_one_and_take_other_rows_and_trace_ids()
    {
        var seen = new ConcurrentQueue<string>();
        await using var server = Answering(head => seen.Enqueue(head));
        var plan = EngineRun.Plan(1, 1, EngineRun.Get(server.Url)) with { Load = new Load.Users([new(12, 12, TimeSpan.FromSeconds(1))]) };
        var split = new ShareSplit(Eight);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => ShareRun.Of(new(Workload.Of(plan), "run-1", 2) { Share = new(split, i) }, new RunClock(TimeProvider.System))));

        var traces = seen.Select(head => head.Split('\n').Single(l => l.StartsWith("traceparent:", StringComparison.OrdinalIgnoreCase))).ToList();
        Assert.True(traces.Count >= 12);
        Assert.Equal(traces.Count, traces.Distinct().Count());
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(2, 0)]
    [InlineData(1, -1)]
    public void A_share_that_is_none_is_refused(int index, double from)
    {
        var job = new EngineJob(Workload.Of(EngineRun.Plan(1, 1, EngineRun.Get(new("http://127.0.0.1:1/")))), "run-1", 1)
        {
            Share = new(new([1, 1]), index) { From = TimeSpan.FromSeconds(from) },
        };

        Assert.Throws<ArgumentException>(() => new LoadEngine(job, new RunClock(TimeProvider.System)));
    }

    private static async Task<Result> Together(decimal[] weights, Arrivals arrivals, bool overHandler, TimeSpan? lostAt = null, TimeSpan takenAt = default)
    {
        var split = new ShareSplit(weights);
        var clock = new RunClock(TimeProvider.System, TimeSpan.FromSeconds(0.3));
        var servers = Enumerable.Range(0, split.Count).Select(_ => new Counting()).ToList();
        try
        {
            var workload = Workload.Of(Plan(servers[0].Url, arrivals));
            var jobs = servers.Select((server, i) => Job(server.Url, i) with { Lease = i == 1 && lostAt is { } at ? new(at) : LoadLease.Endless }).ToList();
            if (lostAt is not null)
                jobs.Add(Job(servers[1].Url, 1) with { Share = new(split, 1) { From = takenAt } });
            var runs = await Task.WhenAll(jobs.Select(job => ShareRun.Of(job, clock, overHandler)));
            var notSent = runs.SelectMany(r => r.Seconds).Total(3).Requests.Select(r => r.NotSent).ToList();
            return new(workload, Sum(servers.Select(s => s.ByName)), [.. servers.Select(s => s.ByName)], [.. Enumerable.Range(0, 2).Select(second => AskedIn(runs, second))], notSent);
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }

        EngineJob Job(Uri url, int share) => new(Workload.Of(Plan(url, arrivals)), "run-1", 2) { Share = new(split, share) };
    }

    // Iterations' first requests fall due by the schedule, whatever the target does.
    private static (long, long) AskedIn((IReadOnlyList<EngineSecond> Seconds, LoadEnding)[] runs, int second)
    {
        var requests = runs.SelectMany(r => r.Seconds.Where(s => s.Interval.Second == second)).Total(3).Requests;
        return (requests[0].Asked, requests[2].Asked);
    }

    private static LoadPlan Plan(Uri url, Arrivals arrivals)
    {
        Scenario[] scenarios = [new("two", 1, [EngineRun.Get(new(url, "a"), "a"), EngineRun.Get(new(url, "b"), "b")]), new("one", 1, [EngineRun.Get(new(url, "c"), "c")])];
        return EngineRun.Plan(400, 2, scenarios) with { Arrivals = arrivals };
    }

    private static SortedDictionary<string, int> Sum(IEnumerable<IReadOnlyDictionary<string, int>> counts)
    {
        var sum = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, count) in counts.SelectMany(c => c))
            sum[name] = sum.GetValueOrDefault(name) + count;
        return sum;
    }

    private static RawServer Answering(Action<string> told) => new(async c =>
    {
        while (await c.ReadRequestAsync() is { } head)
        {
            told(head);
            await c.WriteAsync(RawServer.Ok);
        }
    });

    private sealed record Result(Workload Workload, SortedDictionary<string, int> ByName, IReadOnlyList<IReadOnlyDictionary<string, int>> Engines, IReadOnlyList<(long, long)> Seconds, IReadOnlyList<long> NotSent);

    /// <summary>A target that counts what it is asked for.</summary>
    private sealed class Counting : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<string, int> _byName = new();
        private readonly RawServer _server;

        public Counting() => _server = Answering(head => _byName.AddOrUpdate(head.Split(' ')[1], 1, (_, count) => count + 1));

        public Uri Url => _server.Url;

        public IReadOnlyDictionary<string, int> ByName => _byName;

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }
}
