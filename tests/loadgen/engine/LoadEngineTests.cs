namespace Pressure.LoadGen.Tests.Engine;

public class LoadEngineTests
{
    [Fact]
    public async Task Every_second_asks_for_and_sends_what_the_plan_says()
    {
        await using var server = RawServer.Answering();

        var run = await EngineRun.Of(EngineRun.Plan(200, 3, EngineRun.Get(server.Url)));

        Assert.Equal([200, 200, 200], run.Seconds.Take(3).Select(s => s.Interval.Requests[0].Asked));
        Assert.Equal(600, run.Only.Sent);
        Assert.Equal(600, run.Only.Ok);
        Assert.Equal(600, run.Only.StatusCount(200));
        Assert.Equal(600, server.Requests);
        Assert.Equal(600, run.Total.Lateness.Count);
    }

    [Fact]
    public async Task Connections_are_kept_and_used_again()
    {
        await using var server = RawServer.Answering();

        await EngineRun.Of(EngineRun.Plan(100, 2, EngineRun.Get(server.Url)));

        Assert.InRange(server.Connections, 1, 50);
    }

    [Fact]
    public async Task Without_keep_alive_every_request_has_a_connection_of_its_own()
    {
        await using var server = RawServer.Answering();
        var plan = EngineRun.Plan(100, 1, EngineRun.Get(server.Url)) with { Http = new HttpOptions { KeepAlive = false } };

        var run = await EngineRun.Of(plan);

        Assert.Equal(100, run.Only.Ok);
        Assert.Equal(100, server.Connections);
    }

    [Fact]
    public async Task A_mix_of_seven_to_three_is_exact_over_any_whole_period()
    {
        await using var server = RawServer.Answering();

        var run = await EngineRun.Of(EngineRun.Plan(100, 2, [
            new Scenario("browse", 7, [EngineRun.Get(server.Url, "browse")]),
            new Scenario("buy", 3, [EngineRun.Get(server.Url, "buy")]),
        ]));

        Assert.Equal([140, 60], run.Total.Requests.Select(r => r.Ok));
        Assert.Equal([70, 30], run.Seconds[0].Interval.Requests.Select(r => r.Asked));
    }
}
