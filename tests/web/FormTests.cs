using System.Net;
using Pressure.LoadGen;
using Pressure.TestKit;

namespace Pressure.Web.Tests;

/// <summary>The New test form as a browser without scripts uses it.</summary>
public sealed class FormTests : IAsyncLifetime
{
    private static readonly (string, string)[] Good =
    [
        ("mode", "simple"), ("target", "http://127.0.0.1:9"), ("name", "夏季 <b>sale</b>"), ("pv.perDay", "300万"), ("pv.requestsPerPage", "1"), ("pv.event", "1"), ("duration", "60"), ("p95", "500"), ("errors", "1"),
        ("url", "4"), ("urls[4].weight", "7"), ("urls[4].method", "GET"), ("urls[4].path", "/item"), ("urls[4].parameters", "q=a b&c\nid=1"), ("urls[4].headers", "Accept: text/html"),
        ("url", "9"), ("urls[9].weight", "3"), ("urls[9].method", "POST"), ("urls[9].path", "/order"), ("urls[9].bodyKind", "json"), ("urls[9].body", "{\"item\": \"1: x #\"}"), ("urls[9].expect", "201, 404"),
    ];

    private readonly TempFolder _temp = new();
    private RunningService _service = null!;

    public async ValueTask InitializeAsync() => _service = await RunningService.StartAsync(_temp);

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task The_plan_of_a_filled_form_says_what_was_typed()
    {
        var answer = await _service.SendFormAsync("/new", [.. Good, ("action", "download")]);
        Assert.Equal("application/yaml", answer.Content.Headers.ContentType!.MediaType);
        var read = PlanReader.Parse(await answer.TextAsync(), "plan");

        Assert.Empty(read.Problems);
        var plan = read.Plan!;
        Assert.Equal("夏季 <b>sale</b>", plan.Name);
        Assert.Equal(139, Assert.IsType<Load.FromPageViews>(plan.Load).Views.Derive().TargetQps);
        Assert.Equal([7m, 3m], plan.Scenarios.Select(s => s.Weight));
        Assert.Equal("q=a%20b%26c&id=1", plan.Requests[0].Url.Query.TrimStart('?'));
        Assert.Equal("{\"item\":\"1: x #\"}", System.Text.Encoding.UTF8.GetString(plan.Requests[1].Body!.Value.Span));
        Assert.Contains(plan.Requests[1].Headers, h => h.Key == "Content-Type" && h.Value == "application/json");
        Assert.Equal([(201, 201), (404, 404)], Assert.IsType<Check.Status>(Assert.Single(plan.Requests[1].Checks)).Ranges);
        Assert.Equal(["p(95) < 500ms", "rate < 1%"], plan.Thresholds.Select(t => t.Expression));
    }

    [Fact]
    public async Task What_is_wrong_stands_at_its_input_and_nothing_typed_is_lost()
    {
        var page = await (await _service.SendFormAsync("/new",
            [.. Good.Where(g => g.Item1 is not ("target" or "urls[9].weight" or "pv.event")), ("target", "shop"), ("urls[9].weight", "heavy"), ("pv.event", "<script>alert(1)</script>"), ("action", "start")])).TextAsync();

        foreach (var input in new[] { "target", "urls[9].weight", "pv.event" })
            Assert.Contains($"id=\"{input}-error\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"urls[4].weight-error\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"heavy\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"300万\"", page, StringComparison.Ordinal);
        Assert.Contains("q=a b&amp;c&#xA;id=1</textarea>", page, StringComparison.Ordinal);
        Assert.Contains("value=\"&lt;script&gt;alert(1)&lt;/script&gt;\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>sale", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_target_is_asked_for_in_the_visitor_s_language()
    {
        var page = await (await _service.SendFormAsync("/new?lang=zh", ("mode", "simple"), ("target", ""), ("action", "start"))).TextAsync();
        Assert.Contains("请填写此项。", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_come_and_go_without_scripts()
    {
        var more = await (await _service.SendFormAsync("/new", [.. Good, ("action", "add-url")])).TextAsync();
        Assert.Contains("name=\"urls[10].path\"", more, StringComparison.Ordinal);
        var fewer = await (await _service.SendFormAsync("/new", [.. Good, ("action", "remove-url:4")])).TextAsync();
        Assert.DoesNotContain("urls[4]", fewer, StringComparison.Ordinal);
        Assert.Contains("value=\"/order\"", fewer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_is_not_allowed_is_refused_at_its_input_until_the_settings_allow_it()
    {
        var refused = await (await _service.SendFormAsync("/new", [.. Good.Where(g => g.Item1 != "target"), ("target", "http://shop.invalid"), ("action", "start")])).TextAsync();
        Assert.Contains("id=\"target-error\"", refused, StringComparison.Ordinal);
        Assert.Contains("href=\"/settings\"", refused, StringComparison.Ordinal);

        var saved = await _service.SendFormAsync("/settings", ("allow", "shop.invalid\n10.0.0.7:8080"));
        Assert.Equal("/settings?saved=1", saved.Headers.Location!.ToString());
        var check = await RunningService.JsonOf(await _service.SendPlanAsync("/api/plan/validate", Plans.Light(new Uri("http://shop.invalid"))));
        Assert.True(check.GetProperty("mayRun").GetBoolean());
    }

    [Fact]
    public async Task A_setting_that_is_no_host_is_shown_again_and_not_saved()
    {
        var page = await (await _service.SendFormAsync("/settings", ("allow", "http://shop.example/path"))).TextAsync();
        Assert.Contains("Not a host: http://shop.example/path", page, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_service.Folder, "settings.json")));
    }

    [Fact]
    public async Task The_problems_of_a_plan_as_text_are_listed_by_line()
    {
        var page = await (await _service.SendFormAsync("/new", ("mode", "text"), ("plan", "name: x\ntarget: ftp://x\n"), ("action", "start"))).TextAsync();
        Assert.Contains("data-line=\"2\"", page, StringComparison.Ordinal);
        Assert.Contains("target: ftp://x", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_stood_open_for_too_long_is_shown_again_with_what_was_typed()
    {
        var answer = await _service.PostAsync("/new", new FormUrlEncodedContent(Good.Append(("action", "start")).Select(i => KeyValuePair.Create(i.Item1, i.Item2))));
        var page = await answer.TextAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Nothing is lost", page, StringComparison.Ordinal);
        Assert.Contains("value=\"300万\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_arithmetic_is_shown_step_by_step()
    {
        var page = await (await _service.SendFormAsync("/new", [.. Good.Where(g => g.Item1 != "pv.event"), ("pv.event", "3"), ("action", "redraw")])).TextAsync();
        Assert.Contains("3,000,000 × 80 % = 2,400,000", page, StringComparison.Ordinal);
        Assert.Contains("2,400,000 ÷ 17,280 = 138.89/s", page, StringComparison.Ordinal);
        Assert.Contains("138.89 × 3 = 416.67/s", page, StringComparison.Ordinal);
        Assert.Contains("<b>417</b>", page, StringComparison.Ordinal);
    }
}
