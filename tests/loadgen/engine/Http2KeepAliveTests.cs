namespace Pressure.LoadGen.Tests.Engine;

public class Http2KeepAliveTests
{
    [Theory]
    [InlineData(false, false, 6)]
    [InlineData(true, true, 3)]
    [InlineData(true, false, 1)]
    public async Task Connections_are_kept_as_the_plan_says_over_http2_too(bool keepAlive, bool inIteration, int connections)
    {
        await using var server = await KestrelServer.StartAsync();
        var plan = EngineRun.Plan(20, 0.3, EngineRun.Get(server.Url), EngineRun.Get(server.Url, "second")) with
        {
            Http = new HttpOptions { Version = new(2, 0), Insecure = true, KeepAlive = keepAlive, KeepAliveInIteration = inIteration, MaxConnections = 10 },
        };

        var run = await EngineRun.Of(plan);

        Assert.Equal((6, 6, connections), (run.Total.Requests.Sum(r => r.Ok), server.Http2Requests, server.Connections));
    }
}
