using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Pressure.TestKit;
using Shop;
using static Microsoft.Playwright.Assertions;

namespace Pressure.Web.Tests;

/// <summary>A real browser does what a product owner does.</summary>
public sealed class BrowserTests : IAsyncLifetime
{
    private const float Patience = 60_000;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TempFolder _temp = new();
    private RunningService _service = null!;
    private ShopHost _shop = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await RunningService.StartAsync(_temp);
        _shop = await ShopHost.StartAsync(new ShopOptions());
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
        await _shop.DisposeAsync();
        _temp.Dispose();
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task The_beginner_form_leads_over_the_live_page_to_a_PDF()
    {
        await File.WriteAllTextAsync(_temp.File(QuickPrinter.InEarnest), "", TestContext.Current.CancellationToken);
        var page = await OpenAsync("/");
        await page.GetByText("Set up the first test").ClickAsync();
        await page.GetByLabel("Address of the system").FillAsync(_shop.GatewayUrl.AbsoluteUri);
        await page.GetByLabel("Page views a day", new() { Exact = true }).FillAsync("432000");
        await Expect(page.Locator("#arithmetic .result b")).ToHaveTextAsync("20");
        await page.GetByLabel("Path").FillAsync("/item/1");
        await page.GetByText("Try it once").ClickAsync();
        await Expect(page.Locator(".tried")).ToContainTextAsync("Answered with status 200");
        await page.GetByLabel("How long").FillAsync("12");
        // The shop shares its machine with other tests.
        await page.Locator("[name=p95]").FillAsync("60000");
        await page.Locator(".actions").GetByText("Start test").ClickAsync();

        await Expect(page.Locator("#rate")).ToContainTextAsync("20");
        await Expect(page.Locator(".chart canvas, .chart svg").First).ToBeVisibleAsync();
        await Expect(page.Locator("#events")).ToContainTextAsync("Traffic starts");

        var pdf = page.Locator("[data-file='report.pdf']");
        await Expect(pdf).ToBeVisibleAsync();
        // A machine that was too busy to measure says so.
        await Expect(page.Locator(".badge")).ToHaveTextAsync(new Regex("^(Passed|Not valid)$"));
        var download = await page.RunAndWaitForDownloadAsync(() => pdf.ClickAsync());
        var file = _temp.File("downloaded.pdf");
        await download.SaveAsAsync(file);
        var printed = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal("%PDF-"u8.ToArray(), printed[..5]);
        Assert.True(printed.Length > 10_000, "Chromium has not printed it.");
        await Expect(page.FrameLocator("#report").Locator("body")).ToContainTextAsync("20");
        await page.Locator("#theme").ClickAsync();
        await Expect(page.FrameLocator("#report").Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    [Fact]
    public async Task The_stop_button_ends_the_run_and_shows_its_report()
    {
        var id = (await RunningService.JsonOf(await _service.SendPlanAsync("/api/runs", Plans.Light(_shop.GatewayUrl, "10m")))).GetProperty("id").GetString();
        var page = await OpenAsync($"/runs/{id}");
        await Expect(page.Locator("#rate")).ToContainTextAsync("20");
        await page.GetByText("Stop now").ClickAsync();
        await Expect(page.Locator(".badge")).ToHaveTextAsync("Stopped");
    }

    [Fact]
    [NeedsQuiet]
    public async Task A_capacity_search_shows_what_it_knows_so_far_and_leaves_nothing_to_steer()
    {
        var id = (await RunningService.JsonOf(await _service.SendPlanAsync("/api/runs", Plans.Search(_shop.GatewayUrl)))).GetProperty("id").GetString();
        var page = await OpenAsync($"/runs/{id}");
        await Expect(page.Locator("#holds")).ToContainTextAsync("20");
        await Expect(page.Locator("#events")).ToContainTextAsync("20/s holds");
        await Expect(page.Locator("#pause")).ToBeHiddenAsync();
        await Expect(page.Locator("#level")).ToBeHiddenAsync();
        await Expect(page.Locator("#finish")).ToBeVisibleAsync();

        await Expect(page.Locator(".badge")).ToHaveTextAsync("Passed");
        await Expect(page.Locator(".lead")).ToContainTextAsync("The target holds 40 requests/s, the highest rate to try.");
        await Expect(page.FrameLocator("#report").Locator(".found")).ToContainTextAsync("Holds 40 requests/s");
    }

    [Fact]
    public async Task A_run_is_paused_resumed_made_faster_and_ended_on_its_page()
    {
        var id = (await RunningService.JsonOf(await _service.SendPlanAsync("/api/runs", Plans.Light(_shop.GatewayUrl, "10m")))).GetProperty("id").GetString();
        var page = await OpenAsync($"/runs/{id}");
        await Expect(page.Locator("#rate")).ToContainTextAsync("20");

        await page.GetByText("Pause", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator("#phase")).ToContainTextAsync("Paused");
        await Expect(page.Locator("#asked")).ToHaveTextAsync("0");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Requests per second" }).FillAsync("fast");
        await page.GetByText("Change", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator("#steer-problem")).ToContainTextAsync("can't be read");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Requests per second" }).FillAsync("200%");
        await page.GetByText("Change", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator("#steer-problem")).ToHaveTextAsync("");
        await page.GetByText("Resume", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator("#asked")).ToHaveTextAsync("40");
        await Expect(page.Locator("#events")).ToContainTextAsync("Rate changed to 200 % of the plan by the web page");

        await page.GetByText("Stop gracefully").ClickAsync();
        await Expect(page.Locator(".badge")).ToHaveTextAsync("Stopped");
    }

    [Fact]
    public async Task Language_and_theme_change_without_losing_what_was_typed()
    {
        var page = await OpenAsync("/new");
        await page.GetByLabel("Address of the system").FillAsync("http://127.0.0.1:9/中文");
        await page.Locator("#theme").ClickAsync();
        Assert.Equal("dark", await page.Locator("html").GetAttributeAsync("data-theme"));
        await page.GetByRole(AriaRole.Button, new() { Name = "中文" }).ClickAsync();
        await Expect(page.GetByLabel("系统地址")).ToHaveValueAsync("http://127.0.0.1:9/中文");
        Assert.Equal("dark", await page.Locator("html").GetAttributeAsync("data-theme"));
    }

    [Fact]
    public async Task Rows_are_added_and_removed_on_the_page()
    {
        var page = await OpenAsync("/new");
        await page.GetByText("+ Add a request").ClickAsync();
        await Expect(page.Locator(".url")).ToHaveCountAsync(2);
        await page.Locator(".url").First.GetByLabel("Remove").ClickAsync();
        await Expect(page.Locator(".url")).ToHaveCountAsync(1);
        Assert.Equal("urls[1].path", await page.GetByLabel("Path").GetAttributeAsync("name"));
    }

    /// <summary>Opens a page; errors in its scripts, blocked content included, fail the test in the end.</summary>
    private async Task<IPage> OpenAsync(string path)
    {
        var page = await _browser.NewPageAsync(new() { Locale = "en-US", ColorScheme = ColorScheme.Light });
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
