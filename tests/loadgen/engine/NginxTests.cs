using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>A real server's own book against ours.</summary>
public class NginxTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nginx_logs_exactly_as_many_requests_as_were_sent(bool keepAlive)
    {
        await using var nginx = new Nginx();
        await nginx.ReadyAsync();
        var plan = EngineRun.Plan(2000, Seconds, EngineRun.Get(nginx.Url)) with { Http = new HttpOptions { KeepAlive = keepAlive } };

        var run = await EngineRun.Of(plan);

        Assert.Equal(2000 * Seconds, run.Only.Asked);
        Assert.Equal(run.Only.Sent, await nginx.QuitAndCountAsync());
        Assert.Equal(run.Only.Sent, run.Only.Ok);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"sent {run.Only.Sent}, late p50 {run.Total.Lateness.Percentile(50).TotalMicroseconds} us, p99 {run.Total.Lateness.Percentile(99).TotalMicroseconds} us, "
            + $"service p50 {run.Only.ServiceTime.Percentile(50).TotalMicroseconds} us, connections {run.Seconds.Max(s => s.Interval.OpenConnections)}");
    }

    // 20 s by hand: PRESSURE_NGINX_SECONDS=20.
    private static int Seconds => int.TryParse(Environment.GetEnvironmentVariable("PRESSURE_NGINX_SECONDS"), out var seconds) ? seconds : 5;
}
