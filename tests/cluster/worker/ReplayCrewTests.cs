using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.TrafficCopy;

namespace Pressure.Cluster.Tests;

/// <summary>Replays over real workers.</summary>
public sealed class ReplayCrewTests : RealCrewTest
{
    private readonly ShopDouble _shop = new() { IsBroken = true };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _shop.DisposeAsync();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("capture: one.capture, speed: 2x, compare: true", 60L)]
    [InlineData("captures: [ one.capture, two.capture ], multiply: 2, jitter: 100ms", 240L)]
    [InlineData("capture: two.capture, loop: 3, rate: 150/s", 180L)]
    [InlineData("capture: one.capture, speed: max, connections: 5", 60L)]
    public async Task Every_way_to_replay_sends_as_much_as_one_machine_would(string replay, long requests)
    {
        Write("one.capture");
        Write("two.capture");
        foreach (var name in (string[])["a", "b", "c"])
            Start(name, Bus);
        var outcome = await (await ReplayAsync(replay, workers: 3)).Completion;

        Judged.As(Verdict.NoCriteria, 0, outcome);
        var (asked, found) = (outcome.Summary.Requests, outcome.Summary.Replay!);
        Assert.Equal((requests, requests, requests), (asked.Asked, asked.Sent, (long)_shop.Answers));
        Assert.Equal((requests, requests), (found.Planned, found.Sent));
        Assert.All(found.Captures, c => Assert.Equal((62L, 60L, 6L), (c.Requests, c.Replayed, c.Connections)));
        Assert.Equal(requests, found.Captures.Sum(c => c.Sent));
        Assert.Equal(2L * found.Captures.Count, found.Skipped["method"]);
        Assert.Empty(found.Untold);
        Assert.Equal(replay.Contains("max", StringComparison.Ordinal), found.Timing is null);
        if (replay.Contains("compare", StringComparison.Ordinal))
            Assert.Equal((60L, 20L), (outcome.Summary.Differences!.Compared, outcome.Summary.Differences.Fields.Single(f => f.Field == "$.price").Answers));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_capture_goes_to_each_worker_once()
    {
        Write("one.capture");
        CuttableBus[] ways = [new(Bus), new(Bus)];
        Start("a", ways[0]);
        Start("b", ways[1]);
        await (await ReplayAsync("capture: one.capture, speed: max", workers: 2)).Completion;
        Assert.All(ways, w => Assert.Single(w.Kinds, MessageKinds.Wanted));
        await (await ReplayAsync("capture: one.capture, speed: max", workers: 2)).Completion;
        Assert.All(ways, w => Assert.Single(w.Kinds, MessageKinds.Wanted));
        Assert.Equal(120, _shop.Answers);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_a_worker_that_leaves_had_to_send_as_fast_as_possible_counts_as_not_sent()
    {
        Write("one.capture", each: 400);
        Start("a", Bus);
        Start("b", Bus);
        var run = await ReplayAsync("capture: one.capture, speed: max, connections: 1, multiply: 20", workers: 2);
        await Eventually.Holds(() => run.Status.At > 1);
        await Workers[0].StopAsync();
        var outcome = await run.Completion;

        var (requests, load) = (outcome.Summary.Requests, outcome.Summary.Load);
        Assert.Equal(48_000, requests.Asked);
        Assert.Equal(requests.Asked, requests.Sent + load.NotSent);
        Assert.InRange(load.NotSent, 1, 40_000);
        Assert.Equal((requests.Asked, requests.Sent), (outcome.Summary.Replay!.Planned, outcome.Summary.Replay.Sent));
        Assert.Equal("a", Assert.Single(RunFolder.ReadEvents(run.Folder).OfType<TimelineEvent.WorkerLost>()).Worker);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_coordinator_that_comes_back_goes_on_with_a_replay()
    {
        Write("one.capture", each: 100);
        Start("a", Bus);
        Start("b", Bus);
        var way = new KillableBus(Bus);
        var run = await ReplayAsync("capture: one.capture", workers: 2, way);
        await Eventually.Holds(() => run.Status.At > 2);
        await way.CutAsync();
        var folder = Folder.File("left");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(run.Folder).Where(f => !f.EndsWith(".sock", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var resuming = await new Coordinator(TimeProvider.System).ResumeAsync(new ResumeRequest(folder, Bus, new ReportOptions(Html: false, Pdf: false)), TestContext.Current.CancellationToken);
        Assert.Empty(resuming.Problems);
        var outcome = await resuming.Run!.Completion;

        var (requests, load) = (outcome.Summary.Requests, outcome.Summary.Load);
        Assert.Equal(600, requests.Asked);
        Assert.Equal(600, requests.Sent + load.NotSent);
        Assert.Equal(requests.Sent, _shop.Answers);
        Assert.Equal((requests.Asked, requests.Sent), (outcome.Summary.Replay!.Planned, outcome.Summary.Replay.Sent));
        Assert.Equal((602L, 600L), outcome.Summary.Replay.Captures.Select(c => (c.Requests, c.Replayed)).Single());
    }

    private void Write(string name, int each = 10)
    {
        var capture = new FakeCapture(name);
        for (var n = 0; n < each; n++)
        {
            for (var connection = 1; connection <= 6; connection++)
                capture.Add(connection, (n * 100) + connection, $"GET /item/{(n * 6) + connection} HTTP/1.1\r\nHost: shop\r\n", response: "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", responseBody: $$"""{"id":{{(n * 6) + connection}},"price":10,"servedAt":"x"}""");
        }
        capture.Add(1, each * 100, "POST /cart HTTP/1.1\r\nHost: shop\r\n").Add(2, each * 100, "POST /cart HTTP/1.1\r\nHost: shop\r\n");
        using var writer = new CaptureWriter(Folder.File(name));
        foreach (var exchange in capture.ByTime())
            writer.Take(exchange);
        writer.Complete();
    }

    private Task<RunHandle> ReplayAsync(string replay, int workers, IBus? bus = null)
    {
        var text = $"{{ name: test, target: '{_shop.Url}', hosts: [], load: {{ replay: {{ {replay} }} }} }}";
        var read = PlanReader.ParseIn(Folder.Path, text, "plan.yaml");
        Assert.Empty(read.Problems.Select(p => p.ToString()));
        var prepared = ReplayPreparation.Open(read.Plan!, "plan.yaml", out var problems);
        Assert.Empty(problems.Select(p => p.ToString()));
        var request = new RunRequest(prepared!.Plan, text, Folder.File($"run{Guid.NewGuid():N}"), [], new ReportOptions(Html: false, Pdf: false)) { Captures = prepared };
        return StartAsync(request, workers, Folder.Path, bus);
    }
}
