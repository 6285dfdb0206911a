using Pressure.LoadGen.Tests.Engine;

namespace Pressure.LoadGen.Tests.Replay;

/// <summary>A replay as fast as possible: nothing is due, and no more clients are under way at once than the plan says.</summary>
public class ReplayAtOnceTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(3, 5)]
    [InlineData(2, 1)]
    public async Task As_many_clients_are_under_way_as_the_plan_says_whatever_the_number_of_lanes(int lanes, int connections)
    {
        await using var server = new SessionServer(delay: 0.02);
        var replay = Of(clients: 30, each: 4);

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url, order: ReplayRun.AtOnce(connections)), replay, lanes);

        Assert.Equal(120, run.Only.Ok);
        Assert.Equal(120, run.Only.Asked);
        Assert.Equal(connections, server.Most);
        Assert.Equal(Math.Min(lanes, connections), replay.Lanes);
        Assert.Equal(30, server.Sessions.Count);
        Assert.All(server.Sessions, s => Assert.Equal(["0", "1", "2", "3"], s.Select(path => path.Split('/')[2])));
        Assert.All(replay.Requests, r => Assert.False(r.Answer!.WasHeld));
    }

    [Fact]
    public async Task Times_count_from_the_dispatch()
    {
        await using var server = new SessionServer(delay: 0.05);

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url, order: ReplayRun.AtOnce(1)), Of(clients: 1, each: 10), lanes: 1);

        // One after the other they take half a second, but none of them does.
        Assert.Equal(10, run.Only.Ok);
        Assert.True(run.Only.ResponseTime.Mean * 9 < run.Took, $"{run.Only.ResponseTime.Mean} in {run.Took}");
    }

    [Fact]
    public async Task One_clients_many_requests_do_not_keep_others_from_theirs()
    {
        await using var server = new SessionServer(delay: 0.01);
        // The others come last in the capture.
        var replay = new MemoryReplay([.. Enumerable.Range(0, 50).Select(i => MemoryRequest.Get(0, 0, $"/0/{i}")), .. Enumerable.Range(1, 9).Select(c => MemoryRequest.Get(c, 0, $"/{c}/0"))]) { AtOnce = true };

        await ReplayRun.Of(ReplayRun.Plan(server.Url, order: ReplayRun.AtOnce(4)), replay, lanes: 1);

        Assert.All(replay.Requests.Skip(50), r => Assert.True(r.Written < replay.Requests[49].Written));
    }

    [Fact]
    public async Task At_the_plans_end_what_has_been_read_ahead_goes_back_unasked()
    {
        await using var server = new SessionServer(delay: 0.02);
        var replay = Of(clients: 2, each: 1000);

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url, seconds: 5, order: ReplayRun.AtOnce(4)), replay, lanes: 1);

        Assert.Equal(0, run.Only.NotSent);
        Assert.InRange(run.Only.Ok, 2, 1999);
        // Looking for more clients it has found none.
        Assert.Equal(2000, replay.Taken);
    }

    [Fact]
    public async Task On_a_stop_too()
    {
        await using var server = new SessionServer(delay: 0.02);
        var replay = Of(clients: 2, each: 1000);
        using var stop = new CancellationTokenSource();

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url, order: ReplayRun.AtOnce(4)), replay, lanes: 1, stop: stop, steer: async _ =>
        {
            // Each client's second request says that its first is answered.
            await Eventually.Holds(() => server.Sessions.Count == 2 && server.Sessions.All(s => s.Count > 1));
            await stop.CancelAsync();
        });

        Assert.Equal(0, run.Only.NotSent);
        Assert.InRange(run.Only.Ok, 2, 1999);
    }

    private static MemoryReplay Of(int clients, int each) =>
        new([.. from i in Enumerable.Range(0, each) from c in Enumerable.Range(0, clients) select MemoryRequest.Get(c, 0, $"/{c}/{i}", last: i == each - 1)]) { AtOnce = true };
}
