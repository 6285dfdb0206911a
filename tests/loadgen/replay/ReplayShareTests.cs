using Pressure.LoadGen.Tests.Engine;
using Pressure.LoadGen.Tests.Share;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Replay;

public sealed class ReplayShareTests
{
    private static readonly ShareSplit Split = new([2, 1, 1]);

    [Fact]
    public async Task Engines_of_all_shares_send_every_request_once()
    {
        await using var server = RawServer.Answering();
        // Clients keep their connections: one is gone through by one engine alone.
        var requests = Enumerable.Range(0, 240).Select(i => MemoryRequest.Get(i % 12, i * 5, $"/{i}")).ToList();

        var totals = await Task.WhenAll(Enumerable.Range(0, Split.Count).Select(i => Run(server.Url, new MemoryReplay(requests), new(Split, i))));

        Assert.All(requests, r => Assert.NotNull(r.Answer));
        Assert.Equal(240, totals.Sum(t => t.Asked));
        Assert.Equal([120, 60, 60], totals.Select(t => t.Asked));
        Assert.Equal(240, server.Requests);
    }

    [Fact]
    public async Task A_share_that_is_taken_over_leaves_out_what_was_due_before_and_tells_no_second_before()
    {
        await using var server = RawServer.Answering();
        var requests = Enumerable.Range(0, 200).Select(i => MemoryRequest.Get(i % 4, i * 10, $"/{i}")).ToList();

        var total = await Run(server.Url, new MemoryReplay(requests), WorkShare.Whole with { From = TimeSpan.FromSeconds(1) }, firstSecond: 1);

        Assert.Equal(100, total.Asked);
        Assert.Equal(requests.Skip(100), requests.Where(r => r.Answer is not null));
    }

    [Fact]
    public async Task As_fast_as_possible_the_engines_together_have_as_many_clients_under_way_as_one()
    {
        await using var server = RawServer.Answering();
        var requests = Enumerable.Range(0, 400).Select(i => MemoryRequest.Get(i, 0, "/", last: true)).ToList();
        var order = ReplayRun.AtOnce(8);

        var engines = await Task.WhenAll(Enumerable.Range(0, Split.Count).Select(i => ShareRun.Of(
            new(Workload.Of(ReplayRun.Plan(server.Url, order: order)), "run-1", 2) { Replay = new MemoryReplay(requests) { AtOnce = true }, Share = new(Split, i) }, new RunClock(TimeProvider.System))));

        Assert.All(requests, r => Assert.NotNull(r.Answer));
        // Never more connections at once than the share's part of eight.
        Assert.All(engines.Zip([4, 2, 2]), e => Assert.InRange(e.First.Seconds.Max(s => s.Interval.OpenConnections), 0, e.Second));
    }

    private static async Task<RequestInterval> Run(Uri url, MemoryReplay replay, WorkShare share, int firstSecond = 0)
    {
        var (seconds, ending) = await ShareRun.Of(new(Workload.Of(ReplayRun.Plan(url)), "run-1", 2) { Replay = replay, Share = share }, new RunClock(TimeProvider.System));
        Assert.Equal(Enumerable.Range(firstSecond, seconds.Count), seconds.Select(s => s.Interval.Second));
        Assert.False(ending.LeaseRanOut);
        return seconds.Total(1).Requests.Single();
    }
}
