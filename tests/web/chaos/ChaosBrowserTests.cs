using System.Collections.Concurrent;
using Microsoft.Playwright;
using Pressure.TestKit;
using static Microsoft.Playwright.Assertions;

namespace Pressure.Web.Tests.Chaos;

/// <summary>A real browser writes an experiment, looks at what it would hit, runs it and stops it.</summary>
public sealed class ChaosBrowserTests : IAsyncLifetime
{
    private const float Patience = 60_000;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TempFolder _temp = new();
    private RunningService _service = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await RunningService.StartAsync(_temp);
        SetDefaultExpectTimeout(Patience);
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
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task From_the_usual_case_over_the_preview_to_a_drill_that_is_stopped()
    {
        using var napper = new Napper(_temp);
        var page = await OpenAsync("/chaos/new");
        await page.GetByLabel("What happens").SelectOptionAsync("process-freeze");
        await page.GetByLabel("To whom").FillAsync(napper.Name);
        await page.GetByLabel("How long").FillAsync("5m");
        await page.GetByLabel("Address that must answer").FillAsync($"{_service.Url}/healthz");
        await page.GetByText("Write the experiment").ClickAsync();
        await Expect(page.Locator("#problems")).ToContainTextAsync("The experiment is right");

        await page.Locator("#text").PressAsync("Control+Home");
        await page.Locator("#text").PressSequentiallyAsync("nonsense: [\n");
        await Expect(page.Locator("#problems table")).ToBeVisibleAsync();
        await page.GetByText("Write the experiment").ClickAsync();
        await Expect(page.Locator("#problems")).ToContainTextAsync("The experiment is right");

        await page.GetByText("What would be hit?").ClickAsync();
        await Expect(page.Locator(".targets .hit")).ToContainTextAsync(napper.Name);
        await ShowAsync(page, "editor");
        await page.GetByText("Run now").ClickAsync();

        await Expect(page.Locator(".bars progress")).ToBeVisibleAsync();
        await Expect(page.Locator(".lights .holds")).ToContainTextAsync("The service answers");
        await Expect(page.Locator("#events")).ToContainTextAsync("process-freeze");
        Assert.True(napper.IsFrozen);
        await ShowAsync(page, "drill");
        await page.GetByText("Stop and undo").ClickAsync();
        await Expect(page.Locator("h1 .badge")).ToHaveTextAsync("Stopped");
        Assert.False(napper.IsFrozen);
        await ShowAsync(page, "drill-over");
    }

    [Fact]
    public async Task A_drill_is_planned_on_the_calendar_and_the_big_stop_shows_everywhere()
    {
        using var napper = new Napper(_temp);
        var kept = new StringContent(napper.Experiment(), new System.Net.Http.Headers.MediaTypeHeaderValue("application/yaml"));
        await _service.Http.PutAsync("/api/chaos/experiments/freeze", kept, TestContext.Current.CancellationToken);
        var page = await OpenAsync("/chaos/calendar");
        await page.Locator("#s-name").FillAsync("daily-freeze");
        await page.Locator("#s-cron").FillAsync("61 9 * * *");
        await page.GetByText("Save the schedule").ClickAsync();
        await Expect(page.Locator("#schedule .notice")).ToContainTextAsync("'61' is no minute");
        await page.Locator("#s-cron").FillAsync("30 9 * * *");
        await page.GetByText("Save the schedule").ClickAsync();
        await Expect(page.Locator("#daily-freeze time")).ToHaveCountAsync(5);
        await page.Locator("a[rel=next]").ClickAsync();
        await Expect(page.Locator(".entry").First).ToContainTextAsync("daily-freeze");
        await ShowAsync(page, "calendar");

        await page.GotoAsync(_service.Url + "/chaos");
        await page.GetByText("Stop everything").ClickAsync();
        await Expect(page.Locator(".banner")).ToContainTextAsync("All chaos is stopped");
        await page.GotoAsync(_service.Url + "/settings");
        await Expect(page.Locator(".banner")).ToBeVisibleAsync();
        await page.GetByText("Lift the stop").ClickAsync();
        await Expect(page.Locator(".banner")).ToHaveCountAsync(0);
        foreach (var path in new[] { "chaos", "chaos/faults", "chaos/guards", "chaos/audit", "chaos/experiments" })
        {
            await page.GotoAsync($"{_service.Url}/{path}");
            await ShowAsync(page, path.Replace('/', '-'));
        }
    }

    /// <summary>Pictures for people, in both themes and on a telephone, where <c>PRESSURE_PICTURES</c> names a folder.</summary>
    private static async Task ShowAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("PRESSURE_PICTURES") is not { Length: > 0 } folder)
            return;
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-light.png"), FullPage = true });
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-dark.png"), FullPage = true });
        await page.SetViewportSizeAsync(390, 844);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-phone.png"), FullPage = true });
        await page.SetViewportSizeAsync(1280, 800);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }

    /// <summary>Opens a page whose questions are answered with yes; errors in its scripts, blocked content included, fail the test in the end.</summary>
    private async Task<IPage> OpenAsync(string path)
    {
        var page = await _browser.NewPageAsync(new() { Locale = "en-US", ColorScheme = ColorScheme.Light });
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _errors.Enqueue(message.Text);
        };
        await page.GotoAsync(_service.Url + path);
        return page;
    }
}
