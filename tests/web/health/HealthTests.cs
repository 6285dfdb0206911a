using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Pressure.TestKit;
using Pressure.Web.Access;
using Pressure.Web.Health;

namespace Pressure.Web.Tests.Health;

public sealed class HealthTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_service_that_is_well_says_so_check_by_check()
    {
        await using var service = await RunningService.StartAsync(_temp);

        // A machine that is too busy is told too, and this one may be for a moment.
        var answer = await service.GetAsync("/health");
        for (var tries = 0; tries < 60 && answer.StatusCode != HttpStatusCode.OK; tries++)
        {
            answer.Dispose();
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            answer = await service.GetAsync("/health");
        }

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var report = await RunningService.JsonOf(answer);
        answer.Dispose();
        Assert.NotEqual("failing", report.GetProperty("status").GetString());
        Assert.Equal(["chaos", "disk", "export", "runs", "threads"], Names(report).Order());
    }

    [Fact]
    public async Task With_a_check_that_fails_hangs_or_throws_it_is_503_and_the_others_are_told_all_the_same()
    {
        await using var service = await RunningService.StartAsync(_temp, services => services
            .AddSingleton<IHealthCheck>(new Check("warned", () => Task.FromResult(new HealthFinding(HealthLevel.Warning, "low"))))
            .AddSingleton<IHealthCheck>(new Check("broken", () => throw new InvalidOperationException("it broke")))
            .AddSingleton<IHealthCheck>(new Check("hanging", () => Task.Delay(Timeout.Infinite).ContinueWith(_ => new HealthFinding(HealthLevel.Ok, ""), TaskScheduler.Default))));

        using var answer = await service.GetAsync("/health");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var report = await RunningService.JsonOf(answer);
        Assert.Equal("failing", report.GetProperty("status").GetString());
        Assert.Equal(("warning", "low"), Of(report, "warned"));
        Assert.Equal(("failing", "it broke"), Of(report, "broken"));
        Assert.Equal(("failing", "it gave no answer within 5 s"), Of(report, "hanging"));
        Assert.Equal("ok", Of(report, "runs").Level);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_any_more_is_failing()
    {
        var folder = Directory.CreateDirectory(_temp.File("runs"));
        var check = new DiskCheck(folder.FullName);
        Assert.NotEqual(HealthLevel.Failing, (await check.CheckAsync()).Level);

        folder.Delete();
        await File.WriteAllTextAsync(folder.FullName, "in its place", TestContext.Current.CancellationToken);

        Assert.Equal(HealthLevel.Failing, (await check.CheckAsync()).Level);
    }

    [Fact]
    public async Task Whether_agents_can_dial_in_is_told()
    {
        var server = await AccessServer.StartAsync(new AccessOptions("https://127.0.0.1:0"), _temp.Path, TimeProvider.System);
        var check = new AgentsCheck(server);
        Assert.Equal(HealthLevel.Ok, (await check.CheckAsync()).Level);

        await server.DisposeAsync();

        Assert.Equal(HealthLevel.Failing, (await check.CheckAsync()).Level);
    }

    private static IEnumerable<string> Names(JsonElement report) => report.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString()!);

    private static (string Level, string Detail) Of(JsonElement report, string check)
    {
        var found = report.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("name").GetString() == check);
        return (found.GetProperty("level").GetString()!, found.GetProperty("detail").GetString()!);
    }

    private sealed class Check(string name, Func<Task<HealthFinding>> find) : IHealthCheck
    {
        public string Name => name;

        public Task<HealthFinding> CheckAsync() => find();
    }
}
