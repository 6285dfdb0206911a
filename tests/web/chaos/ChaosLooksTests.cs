using Microsoft.Playwright;
using Pressure.TestKit;

namespace Pressure.Web.Tests.Chaos;

/// <summary>Every chaos page with something on it, in both languages, on a desk and on a telephone.</summary>
public sealed class ChaosLooksTests : IAsyncLifetime
{
    private static readonly string[] Paths =
    [
        "chaos", "chaos/experiments", "chaos/experiments/freeze", "chaos/calendar", "chaos/monkeys", "chaos/monkeys/shop", "chaos/new-monkey", "chaos/faults", "chaos/guards", "chaos/audit",
    ];

    private readonly TempFolder _temp = new();
    private RunningService _service = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _service = await RunningService.StartAsync(_temp);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        await _service.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task Every_page_is_as_wide_as_its_window_on_a_desk_and_on_a_telephone()
    {
        using var napper = new Napper(_temp);
        var (over, running) = await FillAsync(napper);
        var page = await _browser.NewPageAsync();
        List<string> tooWide = [];
        foreach (var path in Paths.Append($"chaos/drills/{over}").Append($"chaos/drills/{running}"))
        {
            foreach (var (language, width, dark) in new[] { ("en", 1280, false), ("zh", 1280, true), ("en", 390, true), ("zh", 390, false) })
            {
                await page.SetViewportSizeAsync(width, 844);
                await page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
                await page.GotoAsync($"{_service.Url}/{path}?lang={language}");
                if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth") > width)
                    tooWide.Add($"{path} {language} {width}");
                if (Environment.GetEnvironmentVariable("PRESSURE_PICTURES") is { Length: > 0 } folder)
                    await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{path.Replace(over, "over", StringComparison.Ordinal).Replace(running, "running", StringComparison.Ordinal).Replace('/', '-')}-{language}-{width}{(dark ? "-dark" : "")}.png"), FullPage = true });
            }
        }
        Assert.Empty(tooWide);
    }

    /// <summary>A drill that is over, one that was refused, one that runs, a schedule, a freeze, a monkey, an audit log.</summary>
    private async Task<(string Over, string Running)> FillAsync(Napper napper)
    {
        await PutAsync("experiments/short", napper.Experiment("1s", $"{_service.Url}/nothing-here"), "application/yaml");
        await PutAsync("experiments/freeze", napper.Experiment(url: $"{_service.Url}/healthz"), "application/yaml");
        var over = await RunAsync("short");
        await _service.PageAsync($"/api/chaos/drills/{over}/live");
        var now = TimeProvider.System.GetUtcNow();
        await PutAsync("guards", $$"""{"budgets": [{"kinds": "*", "most": 2, "per": "1h"}], "freezes": [{"name": "the great sale of the year", "zone": "UTC", "from": "{{now.AddDays(3):yyyy-MM-dd}}", "to": "{{now.AddDays(5):yyyy-MM-dd}}"}]}""", "application/json");
        await PutAsync("schedules/every-morning", """{"experiment": "freeze", "cron": "30 9 * * *", "timeZone": "Asia/Shanghai", "hours": "09:00-17:00", "holidays": ["2026-12-25"]}""", "application/json");
        await PutAsync("schedules/look-often", """{"experiment": "freeze", "everyMinutes": 240, "probesOnly": true}""", "application/json");
        await PutAsync("monkeys/shop", "name: shop\nhours: { zone: Europe/Berlin, windows: [ { from: '09:00', to: '15:00' } ] }\ngroups:\n- by: app\n  mean: 4h\n  strike: { fault: container-kill, target: { container: { project: shop } }, duration: 30s }\n- name: a-process-with-a-long-name-that-fills-the-line\n  mean: 2d\n  strike: { fault: process-freeze, target: { process: { name: x } }, duration: 5m }\n", "application/yaml");
        await _service.PostAsync("/api/chaos/monkeys/shop/start", null);
        var running = await RunAsync("freeze");
        for (var tries = 0; !napper.IsFrozen && tries < 300; tries++)
            await Task.Delay(100, Stop);
        return (over, running);
    }

    private async Task<string> RunAsync(string experiment) => (await RunningService.JsonOf(await _service.PostAsync($"/api/chaos/experiments/{experiment}/run", null))).GetProperty("id").GetString()!;

    private async Task PutAsync(string path, string text, string type)
    {
        using var body = new StringContent(text, System.Text.Encoding.UTF8, new System.Net.Http.Headers.MediaTypeHeaderValue(type));
        var answer = await _service.Http.PutAsync($"/api/chaos/{path}", body, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.TextAsync());
    }
}
