using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Pressure.TestKit;
using Shop;

namespace Pressure.Web.Tests;

public sealed class SteeringTests : IAsyncLifetime
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

    [Fact(Timeout = 60_000)]
    public async Task A_run_is_changed_paused_resumed_and_ended_over_the_API()
    {
        var id = await StartAsync();

        var faster = await SteerAsync(id, "rate", new { rate = "150%" });
        Assert.Equal((true, 30), (faster.GetProperty("changed").GetBoolean(), faster.GetProperty("run").GetProperty("askedRate").GetDouble()));
        Assert.Equal("paused", (await SteerAsync(id, "pause")).GetProperty("run").GetProperty("phase").GetString());
        Assert.False((await SteerAsync(id, "pause")).GetProperty("changed").GetBoolean());
        Assert.Equal("paused", (await _service.GetJsonAsync($"/api/runs/{id}/status")).GetProperty("phase").GetString());
        Assert.Equal("running", (await SteerAsync(id, "resume")).GetProperty("run").GetProperty("phase").GetString());
        Assert.Equal("plan", (await SteerAsync(id, "rate", new { rate = "plan" })).GetProperty("run").GetProperty("load").GetString());
        Assert.Equal("stopping", (await SteerAsync(id, "finish")).GetProperty("run").GetProperty("phase").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await _service.PostAsync($"/api/runs/{id}/pause", null)).StatusCode);

        await _service.FollowToEndAsync(id);
        var summary = await _service.GetJsonAsync($"/api/runs/{id}/summary");
        Assert.Equal("stopped", summary.GetProperty("verdict").GetString());
        Assert.Equal(
            ["factor", "paused", "resumed", "plan"],
            summary.GetProperty("events").EnumerateArray().Where(e => e.GetProperty("kind").GetString() == "loadSteered").Select(e => e.GetProperty("target").GetString()));
        Assert.Contains("by API", summary.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await _service.GetAsync($"/api/runs/{id}/status")).StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Marks_of_a_run_stand_on_its_timeline()
    {
        var id = await StartAsync();
        async Task<HttpStatusCode> MarkAsync(string body) => (await _service.PostAsync($"/api/runs/{id}/marks", new StringContent(body, null, "application/json"))).StatusCode;

        Assert.Equal(HttpStatusCode.NoContent, await MarkAsync("{\"mark\": \"detected\", \"by\": \"pager\", \"note\": \"p95 above 500 ms\"}"));
        Assert.Equal(HttpStatusCode.NoContent, await MarkAsync("{\"mark\": \"recovered\"}"));
        foreach (var wrong in (string[])["{}", "[]", "{\"mark\": 5}", "{\"mark\": \"done\"}", "{\"mark\": \"located\", \"by\": \"a\\nb\"}", "null", ""])
            Assert.Equal(HttpStatusCode.UnprocessableEntity, await MarkAsync(wrong));
        await SteerAsync(id, "finish");
        Assert.Equal(HttpStatusCode.Conflict, await MarkAfterAsync());

        var marks = (await _service.GetJsonAsync($"/api/runs/{id}/summary")).GetProperty("events").EnumerateArray().Where(e => e.GetProperty("kind").GetString() == "marked").ToList();
        Assert.Equal(["Marked as detected by pager: p95 above 500 ms", "Marked as recovered by API"], marks.Select(m => m.GetProperty("detail").GetString()));

        async Task<HttpStatusCode> MarkAfterAsync()
        {
            await _service.FollowToEndAsync(id);
            return await MarkAsync("{\"mark\": \"located\"}");
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("rate", "{\"rate\": \"fast\"}", "unreadable")]
    [InlineData("rate", "{\"rate\": 500}", "unreadable")]
    [InlineData("rate", "{}", "unreadable")]
    [InlineData("rate", "", "unreadable")]
    [InlineData("rate", "{\"rate\"", "unreadable")]
    [InlineData("rate", "[[[]]]", "unreadable")]
    [InlineData("rate", "{\"rate\": [\"500/s\"]}", "unreadable")]
    [InlineData("rate", "{\"rate\": \"10000000%\"}", null)]
    [InlineData("rate", "{\"rate\": \"99999999999%\"}", "rate-out-of-range")]
    [InlineData("users", "{\"users\": 5}", "rate-has-no-users")]
    [InlineData("users", "{\"users\": -5}", "unreadable")]
    [InlineData("users", "{\"users\": 1e99}", "unreadable")]
    public async Task A_change_that_makes_no_sense_is_refused_with_its_reason(string what, string body, string? why)
    {
        var id = await StartAsync();

        var answer = await _service.PostAsync($"/api/runs/{id}/{what}", new StringContent(body, null, "application/json"));

        if (why is null)
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return;
        }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(why, (await RunningService.JsonOf(answer)).GetProperty("why").GetString());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("pause")]
    [InlineData("rate")]
    public async Task Neither_a_foreign_form_nor_another_site_steers_a_run(string what)
    {
        var id = await StartAsync();
        var form = await _service.PostAsync($"/api/runs/{id}/{what}", new FormUrlEncodedContent([KeyValuePair.Create("rate", "500/s")]));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, form.StatusCode);
        using var foreign = new HttpRequestMessage(HttpMethod.Post, $"/api/runs/{id}/{what}") { Content = JsonContent.Create(new { rate = "500/s" }) };
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
        Assert.Equal(HttpStatusCode.Forbidden, (await _service.SendAsync(foreign)).StatusCode);
        Assert.Equal("plan", (await _service.GetJsonAsync($"/api/runs/{id}/status")).GetProperty("load").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await _service.PostAsync($"/runs/{id}?handler=Steer", new FormUrlEncodedContent([KeyValuePair.Create("what", "pause")]))).StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_scripts_the_page_steers_too_and_says_what_was_wrong()
    {
        var id = await StartAsync();

        await SendAsync(id, ("what", "rate"), ("value", "150%"));
        Assert.Equal("150%", (await _service.GetJsonAsync($"/api/runs/{id}/status")).GetProperty("load").GetString());
        await SendAsync(id, ("what", "pause"));
        Assert.Contains("value=\"resume\"", await _service.PageAsync($"/runs/{id}"), StringComparison.Ordinal);
        var back = await SendAsync(id, ("what", "rate"), ("value", "fast"));
        Assert.Contains("That can&#x27;t be read", await _service.PageAsync(back), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", await _service.PageAsync($"/runs/{id}?refused=%3Cscript%3E"), StringComparison.Ordinal);
        await SendAsync(id, ("what", "plan-rate"), ("value", ""));
        Assert.Equal("plan", (await _service.GetJsonAsync($"/api/runs/{id}/status")).GetProperty("load").GetString());
    }

    private async Task<string> SendAsync(string id, params (string, string)[] inputs)
    {
        var answer = await _service.SendFormAsync($"/runs/{id}", $"/runs/{id}?handler=Steer", inputs);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!.OriginalString;
    }

    private async Task<string> StartAsync() =>
        (await RunningService.JsonOf(await _service.SendPlanAsync("/api/runs", Plans.Light(_shop.GatewayUrl, "10m")))).GetProperty("id").GetString()!;

    private async Task<JsonElement> SteerAsync(string id, string what, object? body = null)
    {
        var answer = await _service.PostAsync($"/api/runs/{id}/{what}", body is null ? null : JsonContent.Create(body));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await RunningService.JsonOf(answer);
    }
}
