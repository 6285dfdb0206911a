using System.Net;
using System.Net.Http.Json;
using System.Text;
using Pressure.TestKit;
using Shop;

namespace Pressure.Web.Tests;

public sealed class ApiTests : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private RunningService _service = null!;
    private ShopHost _shop = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await RunningService.StartAsync(_temp);
        _shop = await ShopHost.StartAsync(new ShopOptions());
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _shop.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task A_run_is_started_followed_and_fetched()
    {
        var started = await _service.SendPlanAsync("/api/runs", Plans.Light(_shop.GatewayUrl));
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        var id = (await RunningService.JsonOf(started)).GetProperty("id").GetString()!;
        Assert.Equal($"/api/runs/{id}", started.Headers.Location!.ToString());

        var live = await _service.PageAsync($"/api/runs/{id}/live");
        Assert.Contains("event: second", live, StringComparison.Ordinal);
        Assert.Contains("event: finished", live, StringComparison.Ordinal);

        var run = await _service.GetJsonAsync($"/api/runs/{id}");
        Assert.Equal("finished", run.GetProperty("state").GetString());
        Assert.Equal("passed", run.GetProperty("verdict").GetString());
        var summary = await _service.GetJsonAsync($"/api/runs/{id}/summary");
        Assert.Equal(20, summary.GetProperty("requests").GetProperty("sent").GetInt32());
        var junit = await _service.GetAsync($"/api/runs/{id}/files/junit.xml?download=1");
        Assert.Equal($"{id}-junit.xml", junit.Content.Headers.ContentDisposition!.FileName);
    }

    [Fact]
    public async Task A_follower_goes_on_after_the_last_update_that_it_saw()
    {
        var id = (await RunningService.JsonOf(await _service.SendPlanAsync("/api/runs", Plans.Light(_shop.GatewayUrl, "2s")))).GetProperty("id").GetString()!;
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{id}/live");
        again.Headers.Add("Last-Event-ID", "1");
        var rest = await (await _service.SendAsync(again)).TextAsync();

        Assert.DoesNotContain("id: 0\n", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("id: 1\n", rest, StringComparison.Ordinal);
        Assert.Contains("id: 2\n", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_run_is_told_which_run_goes_on_and_starts_when_that_was_stopped()
    {
        var first = await RunningService.JsonOf(await _service.SendPlanAsync("/api/runs", Plans.Light(_shop.GatewayUrl, "60s")));
        var id = first.GetProperty("id").GetString()!;
        var second = await _service.SendPlanAsync("/api/runs", Plans.Light(_shop.GatewayUrl));
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal(id, (await RunningService.JsonOf(second)).GetProperty("runs")[0].GetProperty("id").GetString());

        var stopped = await _service.PostAsync($"/api/runs/{id}/stop", null);
        Assert.Equal(HttpStatusCode.Accepted, stopped.StatusCode);
        await _service.FollowToEndAsync(id);
        Assert.Equal("stopped", (await _service.GetJsonAsync($"/api/runs/{id}")).GetProperty("verdict").GetString());
        Assert.Equal(HttpStatusCode.Created, (await _service.SendPlanAsync("/api/runs", Plans.Light(_shop.GatewayUrl))).StatusCode);
    }

    [Fact]
    public async Task Of_many_starts_at_once_one_succeeds_and_stopping_it_twice_is_no_error()
    {
        var plan = Plans.Light(_shop.GatewayUrl, "60s");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _service.SendPlanAsync("/api/runs", plan)));
        var started = Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        Assert.All(answers.Except([started]), a => Assert.Equal(HttpStatusCode.Conflict, a.StatusCode));

        var id = (await RunningService.JsonOf(started)).GetProperty("id").GetString()!;
        var stops = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => _service.PostAsync($"/api/runs/{id}/stop", null)));
        Assert.All(stops, s => Assert.Contains(s.StatusCode, new[] { HttpStatusCode.Accepted, HttpStatusCode.Conflict }));
        await _service.FollowToEndAsync(id);
        var stopped = (await _service.GetJsonAsync($"/api/runs/{id}/summary")).GetProperty("events").EnumerateArray().Where(e => e.GetProperty("kind").GetString() == "stopRequested");
        Assert.Single(stopped);
    }

    [Fact]
    public async Task A_wrong_plan_is_answered_with_all_its_problems_and_their_lines()
    {
        var answer = await _service.SendPlanAsync("/api/runs", "name: x\ntarget: http://127.0.0.1\nload: { rate: fast }\nscenarioz: []\n");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problems = (await RunningService.JsonOf(answer)).GetProperty("problems").EnumerateArray().ToList();
        Assert.Contains(problems, p => p.GetProperty("field").GetString() == "load.rate" && p.GetProperty("line").GetInt32() == 3);
        Assert.Contains(problems, p => p.GetProperty("remedy").GetString()!.Contains("'scenarios'", StringComparison.Ordinal));
        Assert.Empty((await _service.GetJsonAsync("/api/runs")).EnumerateArray());
    }

    [Fact]
    public async Task A_plan_may_be_JSON()
    {
        var plan = new { name = "json", target = _shop.GatewayUrl, load = new { rate = "20/s", duration = "1s" }, scenarios = new[] { new { name = "a", steps = new[] { new { get = "/health" } } } } };
        Assert.Equal(HttpStatusCode.Created, (await _service.PostAsync("/api/runs", JsonContent.Create(plan))).StatusCode);
    }

    [Fact]
    public async Task Validation_says_whether_a_plan_is_right_and_may_run()
    {
        var check = await RunningService.JsonOf(await _service.SendPlanAsync("/api/plan/validate", Plans.Light(new Uri("http://shop.example"))));
        Assert.True(check.GetProperty("valid").GetBoolean());
        Assert.False(check.GetProperty("mayRun").GetBoolean());
        Assert.Contains("shop.example", check.GetProperty("refusals")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"perDay\":3000000}", 138.89, 139)]
    [InlineData("{\"perDay\":10000000,\"share\":0.8,\"windowHours\":9,\"event\":3}", 740.74, 741)]
    [InlineData("{\"perDay\":8000,\"dayHours\":8}", 1.11, 2)]
    public async Task Page_views_become_a_rate(string question, double qps, double target)
    {
        var answer = await RunningService.JsonOf(await _service.PostAsync("/api/pv", Json(question)));
        Assert.Equal(qps, answer.GetProperty("qps").GetDouble(), 0.005);
        Assert.Equal(target, answer.GetProperty("targetQps").GetDouble());
    }

    [Fact]
    public async Task Page_views_that_make_no_sense_are_refused_field_by_field()
    {
        var answer = await _service.PostAsync("/api/pv", Json("{\"perDay\":0,\"share\":80,\"event\":-1}"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var errors = (await RunningService.JsonOf(answer)).GetProperty("errors");
        Assert.Equal(["event", "perDay", "share"], errors.EnumerateObject().Select(e => e.Name).Order());
    }

    [Fact]
    public async Task A_message_is_tried_over_a_connection_of_its_own_scenario()
    {
        var plan = $$"""
            name: chat
            target: {{_shop.GatewayUrl}}
            load: { rate: 1/s }
            scenarios: [ { steps: [ { ws: /chat }, { send: hello }, { expect: { contains: hello } }, { send: bye }, { expect: { contains: bye } } ] } ]
            """;

        var connect = await RunningService.JsonOf(await _service.SendPlanAsync("/api/try?request=0", plan));
        var message = await RunningService.JsonOf(await _service.SendPlanAsync("/api/try?request=2", plan));

        Assert.Equal(101, connect.GetProperty("status").GetInt32());
        Assert.Equal(("bye", System.Text.Json.JsonValueKind.Null), (message.GetProperty("body").GetString(), message.GetProperty("error").ValueKind));
    }

    [Fact]
    public async Task A_request_is_tried_once_and_its_answer_shown()
    {
        var tried = await RunningService.JsonOf(await _service.SendPlanAsync("/api/try?request=0", Plans.Light(_shop.GatewayUrl)));
        Assert.Equal(200, tried.GetProperty("status").GetInt32());
        Assert.Contains("ok", tried.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, tried.GetProperty("error").ValueKind);
    }

    [Fact]
    public async Task The_API_is_described_and_the_service_says_that_it_lives()
    {
        var paths = (await _service.GetJsonAsync("/openapi/v1.json")).GetProperty("paths");
        foreach (var path in new[] { "/api/runs", "/api/runs/{id}", "/api/runs/{id}/live", "/api/runs/{id}/stop", "/api/plan/validate", "/api/pv", "/api/try", "/healthz" })
            Assert.True(paths.TryGetProperty(path, out _), path);
        Assert.Equal("ok", (await _service.GetJsonAsync("/healthz")).GetProperty("status").GetString());
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
