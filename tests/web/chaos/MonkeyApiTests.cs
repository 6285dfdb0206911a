using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Pressure.Chaos;
using Pressure.TestKit;

namespace Pressure.Web.Tests.Chaos;

public sealed class MonkeyApiTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_monkey_that_was_let_loose_runs_again_with_the_next_service_and_stays_where_it_was_called_back()
    {
        await using (var service = await RunningService.StartAsync(_temp))
        {
            Assert.Equal(HttpStatusCode.OK, (await KeepAsync(service, "shop", Plan("shop"))).StatusCode);
            Assert.False((await ShownAsync(service)).GetProperty("running").GetBoolean());
            Assert.True((await RunningService.JsonOf(await service.PostAsync("/api/chaos/monkeys/shop/start", null))).GetProperty("running").GetBoolean());
        }
        await using (var service = await RunningService.StartAsync(_temp))
        {
            var shown = await ShownAsync(service);
            Assert.True(shown.GetProperty("running").GetBoolean(), shown.GetRawText());
            Assert.Equal(5, shown.GetProperty("next").GetArrayLength());
            Assert.False((await RunningService.JsonOf(await service.PostAsync("/api/chaos/monkeys/shop/stop", null))).GetProperty("running").GetBoolean());
        }
        await using (var service = await RunningService.StartAsync(_temp))
            Assert.False((await ShownAsync(service)).GetProperty("running").GetBoolean());
    }

    [Fact]
    public async Task Of_one_name_one_runs_on_a_machine_and_who_else_has_it_is_told()
    {
        await using var service = await RunningService.StartAsync(_temp);
        await KeepAsync(service, "shop", Plan("shop"));
        using (var elsewhere = MonkeySeed.TryTake(RunningService.StateOf(_temp), "shop"))
        {
            var refused = await service.PostAsync("/api/chaos/monkeys/shop/start", null);
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains("runs on this machine already", await refused.TextAsync(), StringComparison.Ordinal);
            Assert.Contains("runs on this machine already", await service.PageAsync("/chaos/monkeys"), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK, (await service.PostAsync("/api/chaos/monkeys/shop/start", null)).StatusCode);
        Assert.Null(MonkeySeed.TryTake(RunningService.StateOf(_temp), "shop"));
        Assert.Equal(HttpStatusCode.NoContent, (await service.Http.DeleteAsync("/api/chaos/monkeys/shop", Stop)).StatusCode);
        MonkeySeed.TryTake(RunningService.StateOf(_temp), "shop")!.Dispose();
    }

    [Fact]
    public async Task A_strike_is_a_drill_of_the_service_begun_by_the_monkey_and_undone_when_it_is_called_back()
    {
        using var napper = new Napper(_temp);
        await using var service = await RunningService.StartAsync(_temp);
        await KeepAsync(service, "shop", Plan("shop", napper.Name, mean: "1d", windows: SoonAndShort()));
        await service.PostAsync("/api/chaos/monkeys/shop/start", null);
        await UntilAsync(() => napper.IsFrozen);
        var drill = (await service.GetJsonAsync("/api/chaos/drills"))[0];
        Assert.Equal(("monkey shop", "running"), (drill.GetProperty("by").GetString(), drill.GetProperty("state").GetString()));
        await service.PostAsync("/api/chaos/monkeys/shop/stop", null);
        Assert.False(napper.IsFrozen);
        var last = Assert.Single((await ShownAsync(service)).GetProperty("last").EnumerateArray());
        Assert.Equal(drill.GetProperty("id").GetString(), last.GetProperty("id").GetString());
        Assert.Contains(napper.Name, await service.PageAsync("/chaos/monkeys?lang=zh"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: shop\nhours: { zone: UTC, windows: [ { from: '09:00', to: '15:00' } ] }\ngroups:\n- name: web\n  mean: often\n  strike: { fault: process-freeze, target: { process: { name: x } }, duration: 1s }\n", 5, "mean time")]
    [InlineData("name: other\nhours: { zone: UTC, windows: [ { from: '09:00', to: '15:00' } ] }\ngroups:\n- name: web\n  mean: 1d\n  strike: { fault: process-freeze, target: { process: { name: x } }, duration: 1s }\n", 1, "called other")]
    [InlineData("name: shop\nhours: { zone: UTC, windows: [ { from: '09:00', to: '15:00' } ] }\ngroups:\n- name: web\n  mean: 1d\n  strike:\n    fault: process-kill\n    target: { process: { name: x } }\n    duration: 1s\n    arguments: { restart: touch /tmp/hello }\n", 10, "runs a program")]
    public async Task A_wrong_plan_is_refused_with_its_problem_at_its_line_and_not_kept(string plan, int line, string said)
    {
        await using var service = await RunningService.StartAsync(_temp);
        var answer = await KeepAsync(service, "shop", plan);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var problem = (await RunningService.JsonOf(answer)).GetProperty("problems")[0];
        Assert.Contains(said, problem.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(line, problem.GetProperty("line").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await service.GetAsync("/api/chaos/monkeys/shop")).StatusCode);
        var page = await (await service.SendFormAsync("/chaos/new-monkey", ("text", plan.Replace("name: other", "name: Ot/her", StringComparison.Ordinal)), ("action", "save"))).TextAsync();
        Assert.Contains($"data-line=\"{line}\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pages_keep_let_loose_call_back_and_delete_without_a_script()
    {
        await using var service = await RunningService.StartAsync(_temp);
        var saved = await service.SendFormAsync("/chaos/new-monkey", ("text", Plan("by-hand")), ("action", "save"));
        Assert.Equal("/chaos/monkeys/by-hand?saved=1", saved.Headers.Location?.OriginalString);
        foreach (var (to, shown) in new[] { ("loose", "value=\"back\""), ("back", "value=\"loose\"") })
        {
            await service.SendFormAsync("/chaos/monkeys", "/chaos/monkeys?handler=Switch", ("name", "by-hand"), ("to", to));
            Assert.Contains(shown, await service.PageAsync("/chaos/monkeys"), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("/chaos/monkeys/by-hand?lang=zh")).StatusCode);
        await service.SendFormAsync("/chaos/monkeys", "/chaos/monkeys?handler=Switch", ("name", "by-hand"), ("to", "gone"));
        Assert.Equal(HttpStatusCode.NotFound, (await service.GetAsync("/chaos/monkeys/by-hand")).StatusCode);
    }

    private static string Plan(string name, string process = "nothing-like-it", string mean = "1000d", string windows = "{ days: [ mon, tue, wed, thu, fri, sat, sun ], from: '09:00', to: '15:00' }") =>
        $"name: {name}\nhours: {{ zone: UTC, windows: [ {windows} ] }}\ngroups:\n- name: {process}\n  mean: {mean}\n  strike: {{ fault: process-freeze, target: {{ process: {{ name: {process} }} }}, duration: 5m }}\n";

    /// <summary>A window that is about to open: with a mean of one working day it is struck in, for certain.</summary>
    private static string SoonAndShort()
    {
        var now = TimeProvider.System.GetUtcNow();
        return $"{{ days: [ mon, tue, wed, thu, fri, sat, sun ], from: '{now.AddSeconds(20):HH:mm:ss}', to: '{now.AddSeconds(30):HH:mm:ss}' }}";
    }

    private static async Task<JsonElement> ShownAsync(RunningService service) => (await service.GetJsonAsync("/api/chaos/monkeys"))[0];

    private static Task<HttpResponseMessage> KeepAsync(RunningService service, string name, string text) =>
        service.Http.PutAsync($"/api/chaos/monkeys/{name}", new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue("application/yaml")), Stop);

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 2000, "It did not come.");
            await Task.Delay(100, Stop);
        }
    }
}
