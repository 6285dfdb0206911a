using Pressure.Record;
using Pressure.TestKit;
using Shop;

namespace Pressure.Web.Tests;

public sealed class RunPageTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_run_whose_process_died_is_shown_as_interrupted_with_what_it_has()
    {
        WriteInterrupted(_temp, "20260101-000000-lost-0000", "lost <i>", seconds: 3);
        await using var service = await RunningService.StartAsync(_temp);

        var page = await service.PageAsync("/runs/20260101-000000-lost-0000");
        Assert.Contains("went down during this test", page, StringComparison.Ordinal);
        Assert.Contains("lost &lt;i&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", page, StringComparison.Ordinal);

        var run = await service.GetJsonAsync("/api/runs/20260101-000000-lost-0000");
        Assert.Equal("interrupted", run.GetProperty("state").GetString());
        var summary = await service.GetJsonAsync("/api/runs/20260101-000000-lost-0000/summary");
        Assert.Equal(30, summary.GetProperty("requests").GetProperty("sent").GetInt32());
        Assert.Contains("Interrupted", await service.PageAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_read_is_listed_with_the_reason()
    {
        Directory.CreateDirectory(_temp.File("broken"));
        await File.WriteAllTextAsync(_temp.File("broken/run.json"), "{", TestContext.Current.CancellationToken);
        await using var service = await RunningService.StartAsync(_temp);
        var run = Assert.Single((await service.GetJsonAsync("/api/runs")).EnumerateArray());
        Assert.Equal("unreadable", run.GetProperty("state").GetString());
        Assert.Contains("run.json", run.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Contains("Unreadable", await service.PageAsync("/runs/broken"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_the_service_stops_runs_and_writes_their_reports()
    {
        await using var shop = await ShopHost.StartAsync(new ShopOptions());
        string id;
        await using (var service = await RunningService.StartAsync(_temp))
        {
            id = (await RunningService.JsonOf(await service.SendPlanAsync("/api/runs", Plans.Light(shop.GatewayUrl, "10m")))).GetProperty("id").GetString()!;
            await using var live = await service.Http.GetStreamAsync($"/api/runs/{id}/live", TestContext.Current.CancellationToken);
            using var reader = new StreamReader(live);
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && line != "event: second")
            {
            }
        }
        Assert.True(RunFolder.Read(_temp.File(id)).Ended);
        await using var again = await RunningService.StartAsync(_temp);
        var run = await again.GetJsonAsync($"/api/runs/{id}");
        Assert.Equal("finished", run.GetProperty("state").GetString());
        Assert.Equal("stopped", run.GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Reports_that_a_killed_process_left_half_written_are_written_anew()
    {
        var folder = WriteInterrupted(_temp, "20260101-000000-half-0000", "half", seconds: 2);
        await using (await RunningService.StartAsync(_temp))
        {
            // Its start writes the reports, and its end awaits them.
        }
        File.Delete(Path.Combine(folder, "report.html"));
        await using var service = await RunningService.StartAsync(_temp);
        Assert.Contains("<iframe", await service.PageAsync("/runs/20260101-000000-half-0000"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_another_process_that_lives_is_shown_as_running_until_it_ends()
    {
        WriteInterrupted(_temp, "20260101-000000-other-0000", "other", seconds: 1, process: 1);
        await using var service = await RunningService.StartAsync(_temp);
        var page = await service.PageAsync("/runs/20260101-000000-other-0000");
        Assert.Contains("Another process runs this test", page, StringComparison.Ordinal);
        Assert.Contains("http-equiv=\"refresh\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Run again", page, StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.Conflict, (await service.PostAsync("/api/runs/20260101-000000-other-0000/stop", null)).StatusCode);
    }

    [Fact]
    public async Task Many_runs_are_listed_page_by_page()
    {
        for (var i = 0; i < 120; i++)
        {
            Directory.CreateDirectory(_temp.File($"run-{i:000}"));
            await File.WriteAllTextAsync(_temp.File($"run-{i:000}/run.json"), "{", TestContext.Current.CancellationToken);
        }
        await using var service = await RunningService.StartAsync(_temp);

        Assert.Contains("Page 1 of 3", await service.PageAsync("/"), StringComparison.Ordinal);
        var last = await service.PageAsync("/?page=3");
        Assert.Contains("run-119", last, StringComparison.Ordinal);
        Assert.DoesNotContain("rel=\"next\"", last, StringComparison.Ordinal);
        Assert.Contains("Page 3 of 3", await service.PageAsync("/?page=99"), StringComparison.Ordinal);
        var first = await service.GetAsync("/api/runs");
        Assert.Equal(100, (await RunningService.JsonOf(first)).GetArrayLength());
        Assert.Equal("</api/runs?page=2&size=100>; rel=\"next\"", Assert.Single(first.Headers.GetValues("Link")));
        Assert.Equal(20, (await service.GetJsonAsync("/api/runs?page=2")).GetArrayLength());
    }

    [Fact]
    public async Task A_run_whose_folder_is_deleted_meanwhile_ends_and_makes_room_for_another()
    {
        await using var shop = await ShopHost.StartAsync(new ShopOptions());
        await using var service = await RunningService.StartAsync(_temp);
        var id = (await RunningService.JsonOf(await service.SendPlanAsync("/api/runs", Plans.Light(shop.GatewayUrl, "3s")))).GetProperty("id").GetString()!;
        TempFolder.Delete(_temp.File(id));

        await service.FollowToEndAsync(id);
        Assert.Empty((await service.GetJsonAsync("/api/runs")).EnumerateArray());
        Assert.Equal(System.Net.HttpStatusCode.Created, (await service.SendPlanAsync("/api/runs", Plans.Light(shop.GatewayUrl))).StatusCode);
    }

    [Fact]
    public async Task A_run_fills_the_form_to_run_again()
    {
        WriteInterrupted(_temp, "20260101-000000-again-0000", "again", seconds: 1);
        await using var service = await RunningService.StartAsync(_temp);
        var page = await service.PageAsync("/new?from=20260101-000000-again-0000");
        Assert.Contains("value=\"http://127.0.0.1:9\"", page, StringComparison.Ordinal);
        Assert.Contains("name=\"rate\"", page, StringComparison.Ordinal);
        Assert.Matches("id=\"mode-expert\" checked", page);
        Assert.Contains("value=\"/health\"", page, StringComparison.Ordinal);
    }

    /// <summary>A run folder as a killed process leaves it; its path.</summary>
    internal static string WriteInterrupted(TempFolder temp, string id, string name, int seconds, string? folder = null, int process = int.MaxValue)
    {
        var path = temp.File(folder ?? id);
        var manifest = new RunManifest
        {
            Id = id,
            Name = name,
            Target = "http://127.0.0.1:9/",
            StartedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Version = "test",
            Duration = TimeSpan.FromSeconds(60),
            Load = new LoadManifest { Kind = "rate", Arrivals = "uniform", Total = 600, Segments = [new RateSegment(TimeSpan.Zero, TimeSpan.FromSeconds(60), 10, 10)] },
            Requests = [new RequestManifest("GET /health", "home", "GET", "http://127.0.0.1:9/health", "127.0.0.1:9", 1)],
            ProcessId = process,
            ProcessStart = RunFolder.ProcessStart(process) ?? 1,
        };
        using var writer = RunFolder.Create(path, manifest, Plans.Light(new Uri("http://127.0.0.1:9"), "60s", "again"));
        writer.Append(new TimelineEvent.RunStarted(TimeSpan.Zero));
        for (var second = 0; second < seconds; second++)
        {
            var interval = new Interval(0, second, 1);
            (interval.Requests[0].Asked, interval.Requests[0].Sent, interval.Requests[0].Ok) = (10, 10, 10);
            interval.Requests[0].ResponseTime.Record(TimeSpan.FromMilliseconds(5), 10);
            interval.Requests[0].ServiceTime.Record(TimeSpan.FromMilliseconds(5), 10);
            writer.Append(interval);
        }
        return path;
    }
}
