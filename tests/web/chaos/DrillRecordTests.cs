using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Pressure.TestKit;

namespace Pressure.Web.Tests.Chaos;

/// <summary>What is told of drills, of the calendar and of guards, beside running and stopping.</summary>
public sealed class DrillRecordTests : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private RunningService _service = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _service = await RunningService.StartAsync(_temp);

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task Marks_stand_on_the_timeline_of_a_running_drill_and_the_score_in_its_history()
    {
        using var napper = new Napper(_temp);
        await KeepAsync("freeze", napper.Experiment("8s", $"{_service.Url}/healthz"));
        var id = (await RunningService.JsonOf(await _service.PostAsync("/api/chaos/experiments/freeze/run", null))).GetProperty("id").GetString()!;
        Assert.Equal(HttpStatusCode.NoContent, (await MarkAsync(id, new { mark = "located", by = "ann", note = "it sleeps" })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await MarkAsync(id, new { mark = "guessed" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await MarkAsync("none", new { mark = "located" })).StatusCode);
        Assert.Contains("it sleeps", await _service.PageAsync($"/api/chaos/drills/{id}/live"), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Conflict, (await MarkAsync(id, new { mark = "recovered" })).StatusCode);
        var drill = await _service.GetJsonAsync($"/api/chaos/drills/{id}");
        var score = drill.GetProperty("score").GetInt32();
        Assert.Contains($"<b>{score}</b>", await _service.PageAsync("/chaos"), StringComparison.Ordinal);
        Assert.Contains($"Resilience {score} of 100", await _service.PageAsync($"/chaos/drills/{id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guards_book_that_cannot_be_opened_is_told_and_strikes_nothing()
    {
        using var napper = new Napper(_temp);
        Directory.CreateDirectory(RunningService.StateOf(_temp));
        await KeepAsync("freeze", napper.Experiment(url: $"{_service.Url}/healthz"));
        // A folder in its place: not even root can open that.
        Directory.CreateDirectory(Path.Combine(RunningService.StateOf(_temp), "guards.db"));
        foreach (var path in new[] { "/api/chaos/experiments/freeze/preview", "/api/chaos/guards" })
        {
            var answer = path.EndsWith("preview", StringComparison.Ordinal) ? await _service.PostAsync(path, null) : await _service.GetAsync(path);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "urn:pressure:problem:no-guards"), (answer.StatusCode, (await RunningService.JsonOf(answer)).GetProperty("type").GetString()));
        }
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _service.PostAsync("/api/chaos/probes/run", JsonContent.Create(new { experiment = "freeze" }))).StatusCode);
        foreach (var action in new[] { "preview", "probe" })
        {
            foreach (var handler in new[] { "", "?handler=Fragment" })
            {
                var page = await _service.SendFormAsync("/chaos/experiments/freeze", $"/chaos/experiments/freeze{handler}", ("text", napper.Experiment()), ("action", action));
                Assert.Equal(HttpStatusCode.OK, page.StatusCode);
                Assert.Contains("The guards can&#x27;t be asked", await page.TextAsync(), StringComparison.Ordinal);
            }
        }
        foreach (var path in new[] { "/chaos", "/chaos/calendar", "/chaos/guards", "/chaos/audit", "/chaos/monkeys" })
            Assert.Equal(HttpStatusCode.OK, (await _service.GetAsync(path)).StatusCode);
        var id = (await RunningService.JsonOf(await _service.PostAsync("/api/chaos/experiments/freeze/run", null))).GetProperty("id").GetString()!;
        await _service.PageAsync($"/api/chaos/drills/{id}/live");
        Assert.False(napper.IsFrozen);
        Assert.Equal("failed", (await _service.GetJsonAsync($"/api/chaos/drills/{id}")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Days_of_a_freeze_are_shaded_on_the_calendar_and_say_why()
    {
        var set = await _service.Http.PutAsync("/api/chaos/guards", Body("""{"freezes": [{"name": "the sale", "zone": "UTC", "from": "2027-02-10T12:00", "to": "2027-02-12T06:00"}]}""", "application/json"), Stop);
        Assert.True(set.IsSuccessStatusCode, await set.TextAsync());
        var page = await _service.PageAsync("/chaos/calendar?month=2027-02");
        var frozen = page.Split("<td ").Where(d => d.Contains(" frozen ", StringComparison.Ordinal)).ToList();
        Assert.Equal(["10", "11", "12"], frozen.Select(d => d.Split("<time>")[1].Split('<')[0]));
        Assert.All(frozen, d => Assert.Contains("title=\"the sale\"", d, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_experiments_own_calendar_fills_the_form_of_a_schedule()
    {
        using var napper = new Napper(_temp);
        await KeepAsync("freeze", napper.Experiment() + "extensions:\n- name: pressure\n  calendar: { cron: '15 4 * * MON', timeZone: Asia/Shanghai, hours: '04:00-05:00', workingDays: true, holidays: [ 2026-12-25 ] }\n");
        Assert.Contains("/chaos/calendar?experiment=freeze#schedule", await _service.PageAsync("/chaos/experiments/freeze"), StringComparison.Ordinal);
        var page = await _service.PageAsync("/chaos/calendar?experiment=freeze");
        foreach (var said in new[] { "value=\"15 4 * * MON\"", "value=\"Asia/Shanghai\"", "value=\"04:00-05:00\"", "2026-12-25</textarea>", "name=\"WorkingDays\" value=\"true\" checked" })
            Assert.Contains(said, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_runs_no_command_that_a_fault_would_give_to_the_shell()
    {
        using var napper = new Napper(_temp);
        var answer = await KeepAsync("kill", napper.Experiment().Replace("process-freeze", "process-kill", StringComparison.Ordinal) + "    arguments: { restart: touch /tmp/hello }\n");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var problem = (await RunningService.JsonOf(answer)).GetProperty("problems")[0];
        Assert.Contains("runs a program", problem.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(11, problem.GetProperty("line").GetInt32());
    }

    private Task<HttpResponseMessage> MarkAsync(string id, object mark) => _service.PostAsync($"/api/chaos/drills/{id}/marks", JsonContent.Create(mark));

    private Task<HttpResponseMessage> KeepAsync(string name, string text) => _service.Http.PutAsync($"/api/chaos/experiments/{name}", Body(text, "application/yaml"), Stop);

    private static StringContent Body(string text, string type) => new(text, Encoding.UTF8, new MediaTypeHeaderValue(type));
}
