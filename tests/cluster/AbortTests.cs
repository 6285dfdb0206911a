using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

public sealed class AbortTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_rule_that_comes_true_ends_the_run_and_is_told_in_timeline_and_verdict()
    {
        await using var target = new CountingTarget();
        var run = Start(target.Url, "{ when: { http_req_duration: max >= 0 }, over: 2s, after: 3s }");
        var outcome = await run.Completion;

        var aborted = Assert.Single(RunFolder.Read(run.Folder).Events.OfType<TimelineEvent.Aborted>());
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2)), (aborted.At, aborted.Over));
        Judged.As(Verdict.Failed, 99, outcome);
        Assert.Contains("abort rule", outcome.Summary.Reason, StringComparison.Ordinal);
        Assert.Equal("http_req_duration: max >= 0", outcome.Summary.Abort!.Expression);
        // What was sent was also answered: the target knows of nothing else.
        Assert.Equal(target.Count, outcome.Summary.Requests.Sent);
        Assert.InRange(outcome.Summary.Requests.Sent, 150, 50 * 60 - 1);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_rule_that_does_not_come_true_changes_nothing()
    {
        await using var target = new CountingTarget();
        var outcome = await Start(target.Url, "{ when: { http_req_failed: rate > 50% }, over: 1s }", "3s").Completion;

        Judged.As(Verdict.NoCriteria, 0, outcome);
        Assert.Equal(150, outcome.Summary.Requests.Sent);
    }

    [Fact]
    public void A_host_that_stopped_answering_is_not_looked_at_again_and_again()
    {
        var plan = Read("http://127.0.0.1:9/", "{ when: { host_cpu: avg > 90% }, over: 1s }", "60s").Plan!;
        var watch = new AbortWatch(plan, new()
        {
            Id = "1",
            Name = "a",
            Target = "http://127.0.0.1:9/",
            StartedAt = default,
            Version = "0",
            Duration = plan.Duration,
            Load = Workload.Of(plan).Load,
            Requests = Workload.Of(plan).Requests(),
        });
        HostSample[] busy =
        [
            new()
            {
                Host = "local",
                At = TimeSpan.FromSeconds(11),
                Cores = 2,
                Cpu = new(1, 0, 0, 0),
                Load = default,
                MemoryTotal = 1,
                MemoryUsed = 0,
                Network = default,
                Disk = default,
                Sockets = 0,
            },
        ];

        // The default delay: the window's length.
        Assert.NotNull(watch.Judge(new Interval(0, 10, 1), busy));
        Assert.Null(watch.Judge(new Interval(0, 11, 1), busy));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_collection_that_a_feed_tells_of_ends_the_run()
    {
        await using var target = new CountingTarget();
        var read = Read(target.Url.AbsoluteUri, "{ when: { gc_pause: max > 300ms }, over: 1s }", "60s");
        var run = new Coordinator(TimeProvider.System).Start(new RunRequest(read.Plan!, read.Text, _temp.File("run"), [], new ReportOptions(Html: false, Pdf: false)) { Feeds = [new OnePause()] });
        var outcome = await run.Completion;

        Assert.Equal("400 ms (item, web1)", outcome.Summary.Abort?.ActualText);
        Assert.Equal(400, Assert.Single(outcome.Summary.Gc).PauseMax);
    }

    /// <summary>Tells of one full collection when the run has begun.</summary>
    private sealed class OnePause : IHostFeed
    {
        public IReadOnlyList<HostManifest> Hosts => [new("web1", new Dictionary<string, string>())];

        public async Task FollowAsync(RunClock clock, IHostSink sink, Task<TimeSpan> end)
        {
            sink.Take(new GcEvent
            {
                Host = "web1",
                Process = "item",
                Pid = 7,
                Runtime = GcRuntime.Jvm,
                Collector = "G1",
                At = TimeSpan.FromSeconds(0.5),
                Kind = GcKind.Full,
                Pause = TimeSpan.FromMilliseconds(400),
                Duration = TimeSpan.FromMilliseconds(400),
            });
            await end;
        }
    }

    private RunHandle Start(Uri target, string rule, string duration = "60s")
    {
        var read = Read(target.AbsoluteUri, rule, duration);
        return new Coordinator(TimeProvider.System).Start(new RunRequest(read.Plan!, read.Text, _temp.File("run"), [], new ReportOptions(Html: false, Pdf: false)));
    }

    private static PlanResult Read(string target, string rule, string duration)
    {
        var read = PlanReader.Parse($$"""
            name: aborted
            target: {{target}}
            load: { rate: 50/s, duration: {{duration}} }
            scenarios: [ { name: only, steps: [ get: / ] } ]
            abort: [ {{rule}} ]
            """, "test.yaml");
        Assert.Empty(read.Problems);
        return read;
    }
}
