using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Pressure.TestKit;

namespace Pressure.Web.Tests.Chaos;

public sealed class ChaosApiTests : IAsyncLifetime
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
    public async Task A_kept_experiment_runs_as_a_drill_and_is_stopped_with_everything_undone()
    {
        using var napper = new Napper(_temp);
        Assert.Equal(HttpStatusCode.OK, (await KeepAsync("freeze", napper.Experiment())).StatusCode);
        var preview = await RunningService.JsonOf(await _service.PostAsync("/api/chaos/experiments/freeze/preview", null));
        Assert.True(preview.GetProperty("wouldRun").GetBoolean(), preview.GetRawText());
        Assert.StartsWith(napper.Name, preview.GetProperty("strikes")[0].GetProperty("targets")[0].GetProperty("name").GetString(), StringComparison.Ordinal);

        var started = await _service.PostAsync("/api/chaos/experiments/freeze/run", null);
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        var id = (await RunningService.JsonOf(started)).GetProperty("id").GetString()!;
        await UntilAsync(() => napper.IsFrozen);
        Assert.Equal(HttpStatusCode.Conflict, (await _service.PostAsync("/api/chaos/experiments/freeze/run", null)).StatusCode);

        Assert.Equal(HttpStatusCode.Accepted, (await _service.PostAsync($"/api/chaos/drills/{id}/stop", null)).StatusCode);
        var live = await _service.PageAsync($"/api/chaos/drills/{id}/live");
        Assert.Contains("event: finished", live, StringComparison.Ordinal);
        Assert.False(napper.IsFrozen);
        var drill = await _service.GetJsonAsync($"/api/chaos/drills/{id}");
        Assert.Equal(("interrupted", 130), (drill.GetProperty("state").GetString(), drill.GetProperty("end").GetProperty("exitCode").GetInt32()));
        Assert.Contains(id, (await _service.GetJsonAsync("/api/runs")).GetRawText(), StringComparison.Ordinal);
        Assert.Contains("permitted", (await _service.GetJsonAsync("/api/chaos/audit")).GetRawText(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_big_stop_ends_all_drills_and_nothing_begins_until_it_is_lifted()
    {
        using var napper = new Napper(_temp);
        Assert.Equal(HttpStatusCode.OK, (await KeepAsync("freeze", napper.Experiment())).StatusCode);
        await _service.PostAsync("/api/chaos/experiments/freeze/run", null);
        await UntilAsync(() => napper.IsFrozen);
        // What is frozen is told of a moment later.
        while (!(await _service.GetJsonAsync("/api/chaos/audit")).GetRawText().Contains("in force", StringComparison.Ordinal))
            await Task.Delay(50, Stop);

        var halted = await _service.PostAsync("/api/chaos/halt", JsonContent.Create(new { why = "customers call" }));
        Assert.Equal(HttpStatusCode.OK, halted.StatusCode);
        Assert.False(napper.IsFrozen);
        Assert.Contains("customers call", await _service.PageAsync("/"), StringComparison.Ordinal);
        var refused = await _service.PostAsync("/api/chaos/experiments/freeze/run", null);
        Assert.Equal("urn:pressure:problem:halted", (await RunningService.JsonOf(refused)).GetProperty("type").GetString());

        Assert.Equal(HttpStatusCode.OK, (await _service.PostAsync("/api/chaos/resume", null)).StatusCode);
        Assert.DoesNotContain("customers call", await _service.PageAsync("/"), StringComparison.Ordinal);
        var audit = (await _service.GetJsonAsync("/api/chaos/audit")).GetRawText();
        foreach (var told in new[] { "halted", "customers call", "lifted", "in force", "interrupted" })
            Assert.Contains(told, audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_the_service_undoes_what_its_drills_did()
    {
        using var napper = new Napper(_temp);
        using var temp = new TempFolder();
        await using (var service = await RunningService.StartAsync(temp))
        {
            await service.SendPlanAsync("/api/chaos/drills", napper.Experiment());
            await UntilAsync(() => napper.IsFrozen);
        }
        Assert.False(napper.IsFrozen);
    }

    [Fact]
    public async Task A_wrong_experiment_is_refused_with_every_problem_at_its_line_and_not_kept()
    {
        var answer = await KeepAsync("wrong", "title: x\nmethod:\n- type: action\n  name: y\n  provider: { type: python, module: os }\n");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var problem = (await RunningService.JsonOf(answer)).GetProperty("problems")[0];
        Assert.Equal(5, problem.GetProperty("line").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await _service.GetAsync("/api/chaos/experiments/wrong")).StatusCode);
    }

    [Theory]
    [InlineData("type: process\n    path: /bin/true", "runs a program", 6)]
    [InlineData("type: http\n    url: http://shop.example/pay", "shop.example", 6)]
    public async Task The_service_runs_no_programs_and_asks_only_hosts_that_may_be_tested(string provider, string said, int line)
    {
        var answer = await KeepAsync("outside", $"title: x\nmethod:\n- type: action\n  name: y\n  provider:\n    {provider}\n");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var problem = (await RunningService.JsonOf(answer)).GetProperty("problems")[0];
        Assert.Contains(said, problem.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(line + (provider.Contains("url", StringComparison.Ordinal) || provider.Contains("path", StringComparison.Ordinal) ? 1 : 0), problem.GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task A_build_asks_the_probes_after_a_deployment_and_is_told_how_to_end()
    {
        using var napper = new Napper(_temp);
        await KeepAsync("up", napper.Experiment(url: $"{_service.Url}/healthz"));
        var up = await RunningService.JsonOf(await _service.PostAsync("/api/chaos/probes/run", JsonContent.Create(new { experiment = "up" })));
        Assert.True(up.GetProperty("exitCode").GetInt32() == 0, up.GetRawText());
        await KeepAsync("down", napper.Experiment(url: $"{_service.Url}/nothing-here"));
        var down = await RunningService.JsonOf(await _service.PostAsync("/api/chaos/probes/run", JsonContent.Create(new { experiment = "down" })));
        Assert.Equal((99, false), (down.GetProperty("exitCode").GetInt32(), down.GetProperty("passed").GetBoolean()));
        Assert.False(napper.IsFrozen);
        Assert.Equal(HttpStatusCode.NotFound, (await _service.PostAsync("/api/chaos/probes/run", JsonContent.Create(new { experiment = "none" }))).StatusCode);
    }

    [Fact]
    public async Task Schedules_are_kept_shown_with_their_next_beginnings_and_refused_in_peoples_words()
    {
        using var napper = new Napper(_temp);
        await KeepAsync("freeze", napper.Experiment());
        var kept = await RunningService.JsonOf(await PutAsync("/api/chaos/schedules/weekly", new { experiment = "freeze", cron = "30 9 * * MON", timeZone = "Asia/Shanghai" }));
        Assert.Equal(5, kept.GetProperty("next").GetArrayLength());
        var wrong = await RunningService.JsonOf(await PutAsync("/api/chaos/schedules/wrong", new { experiment = "none", cron = "61 9 * * MON", hours = "9" }));
        Assert.Equal(["cron", "experiment", "hours"], wrong.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order());
        Assert.False((await RunningService.JsonOf(await _service.PostAsync("/api/chaos/schedules/weekly/off", null))).GetProperty("on").GetBoolean());
        Assert.True((await RunningService.JsonOf(await _service.PostAsync("/api/chaos/schedules/weekly/on", null))).GetProperty("on").GetBoolean());
        Assert.Equal(HttpStatusCode.NoContent, (await _service.Http.DeleteAsync("/api/chaos/schedules/weekly", Stop)).StatusCode);
    }

    [Fact]
    public async Task A_freeze_of_the_calendar_shows_in_the_preview_and_counts_nothing()
    {
        using var napper = new Napper(_temp);
        await KeepAsync("freeze", napper.Experiment());
        var set = await _service.Http.PutAsync("/api/chaos/guards", new StringContent("""{"freezes": [{"name": "the sale", "zone": "UTC", "from": "2000-01-01T00:00", "to": "2199-01-01T00:00"}]}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")), Stop);
        Assert.True(set.StatusCode == HttpStatusCode.OK, await set.TextAsync());
        var preview = await RunningService.JsonOf(await _service.PostAsync("/api/chaos/experiments/freeze/preview", null));
        Assert.Contains("the sale", preview.GetProperty("strikes")[0].GetProperty("refusals").GetRawText(), StringComparison.Ordinal);
        Assert.All((await _service.GetJsonAsync("/api/chaos/guards")).GetProperty("budgets").EnumerateArray(), b => Assert.Equal(0, b.GetProperty("used").GetInt32()));
        Assert.DoesNotContain("\"strike\"", (await _service.GetJsonAsync("/api/chaos/audit")).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_chaos_page_is_shown_in_both_languages()
    {
        using var napper = new Napper(_temp);
        await KeepAsync("freeze", napper.Experiment());
        await PutAsync("/api/chaos/schedules/weekly", new { experiment = "freeze", everyMinutes = 720 });
        foreach (var path in new[] { "/chaos", "/chaos/experiments", "/chaos/experiments/freeze", "/chaos/new?template=kill-one", "/chaos/calendar", "/chaos/calendar?month=2027-02&edit=weekly", "/chaos/faults", "/chaos/guards", "/chaos/audit" })
        {
            var with = path.Contains('?', StringComparison.Ordinal) ? "&" : "?";
            Assert.Contains(">Chaos<", await _service.PageAsync($"{path}{with}lang=en"), StringComparison.Ordinal);
            Assert.Contains(">混沌<", await _service.PageAsync($"{path}{with}lang=zh"), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await _service.GetAsync("/chaos/drills/none")).StatusCode);
    }

    [Fact]
    public async Task The_editor_keeps_runs_and_stops_without_a_script()
    {
        using var napper = new Napper(_temp);
        var saved = await _service.SendFormAsync("/chaos/new", ("name", "by-hand"), ("text", napper.Experiment()), ("action", "save"));
        Assert.Equal("/chaos/experiments/by-hand?saved=1", saved.Headers.Location?.OriginalString);
        var run = await _service.SendFormAsync("/chaos/experiments/by-hand", ("text", napper.Experiment()), ("action", "run"));
        var page = run.Headers.Location!.OriginalString;
        await UntilAsync(() => napper.IsFrozen);
        await _service.SendFormAsync(page, $"{page}?handler=Stop");
        await UntilAsync(() => !napper.IsFrozen);
    }

    [Fact]
    public async Task A_plan_of_the_service_that_names_a_file_of_an_experiment_is_refused_rather_than_run_without_it()
    {
        var plan = Plans.Light(new Uri(_service.Url), "1s") + "\nchaos: [ /etc/passwd ]\n";
        var answer = await _service.SendPlanAsync("/api/runs", plan);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var problem = (await RunningService.JsonOf(answer)).GetProperty("problems")[0];
        Assert.Equal("no experiment '/etc/passwd' is kept here", problem.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_run_of_the_service_takes_a_kept_experiment_along()
    {
        using var napper = new Napper(_temp);
        (await KeepAsync("nap", napper.Experiment())).EnsureSuccessStatusCode();
        var answer = await _service.SendPlanAsync("/api/runs", Plans.Light(new Uri(_service.Url), "20s") + "\nchaos: [ nap ]\n");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        await UntilAsync(() => napper.IsFrozen);
        await _service.Http.PostAsync((await RunningService.JsonOf(answer)).GetProperty("links").GetProperty("stop").GetString(), null, Stop);
        await UntilAsync(() => !napper.IsFrozen);
    }

    private Task<HttpResponseMessage> KeepAsync(string name, string text) =>
        _service.Http.PutAsync($"/api/chaos/experiments/{name}", new StringContent(text, new System.Net.Http.Headers.MediaTypeHeaderValue("application/yaml")), Stop);

    private Task<HttpResponseMessage> PutAsync(string path, object body) => _service.Http.PutAsJsonAsync(path, body, JsonSerializerOptions.Web, Stop);

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 600, "It did not come.");
            await Task.Delay(50, Stop);
        }
    }
}
