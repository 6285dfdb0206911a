using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.TestKit;
using Pressure.TrafficCopy;

namespace Pressure.Cluster.Tests;

public sealed class ReplayRunTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_replay_sends_what_was_captured_and_keeps_how_faithful_it_was()
    {
        await using var target = new CountingTarget();
        var capture = new FakeCapture("shop.capture");
        for (var i = 0; i < 200; i++)
            capture.Get(i % 20, i * 5, $"/item/{i}");
        capture.Add(1, 1000, "DELETE /item/1 HTTP/1.1\r\nHost: x\r\n");
        var outcome = await Run(target.Url, "capture: shop.capture, multiply: 2, jitter: 100ms, compare: true", capture);

        Assert.Equal(400, target.Count);
        Assert.Equal(400, outcome.Summary.Requests.Sent);
        Judged.As(Verdict.NoCriteria, 0, outcome);
        var replay = RunFolder.Read(outcome.Folder).Replay!;
        Assert.Equal((400, 400, 2), (replay.Planned, replay.Sent, replay.Multiply));
        Assert.Equal(new Dictionary<string, long> { ["method"] = 1 }, replay.Skipped);
        Assert.Equal([(201L, 200L, 20L)], replay.Captures.Select(c => (c.Requests, c.Replayed, c.Connections)));
        Assert.NotEmpty(replay.Timing);
        Assert.Equal(400, RunFolder.Read(outcome.Folder).Differences!.Compared);
    }

    [Fact]
    public async Task A_replay_as_fast_as_possible_ends_when_everything_was_sent()
    {
        await using var target = new CountingTarget();
        var capture = new FakeCapture("shop.capture");
        for (var i = 0; i < 3000; i++)
            capture.Get(i % 300, i * 60, $"/item/{i}", i >= 2700 ? ExchangeMarks.Last : default);
        var outcome = await Run(target.Url, "capture: shop.capture, speed: max, loop: 2, connections: 8", capture);

        Assert.Equal(6000, target.Count);
        Assert.Equal((6000L, 6000L), (outcome.Summary.Requests.Sent, RunFolder.Read(outcome.Folder).Replay!.Planned));
    }

    [Fact]
    public async Task Captures_that_turn_out_to_be_unreadable_end_the_run_as_an_error()
    {
        await using var target = new CountingTarget();
        var capture = new BreakingCapture(new FakeCapture("shop.capture").Get(1, 0, "/a").Get(1, 100, "/b"));
        var outcome = await Run(target.Url, "capture: shop.capture", capture);

        Assert.Equal(Verdict.Error, outcome.Summary.Verdict);
        Assert.Contains("the captures can't be read: gone", outcome.Summary.Reason);
        Assert.True(capture.IsDisposed);
    }

    private async Task<RunOutcome> Run(Uri target, string replay, ICaptureReader capture)
    {
        var text = $"{{ name: test, target: '{target}', load: {{ replay: {{ {replay} }} }} }}";
        var read = PlanReader.ParseIn(_temp.Path, text, "plan.yaml");
        Assert.Empty(read.Problems.Select(p => p.ToString()));
        var prepared = ReplayPreparation.Open(read.Plan!, "plan.yaml", _ => capture, out var problems);
        Assert.Empty(problems.Select(p => p.ToString()));
        var request = new RunRequest(prepared!.Plan, text, Path.Combine(_temp.Path, "run"), [], new ReportOptions(ReportLanguage.En, Html: false, Pdf: false)) { Captures = prepared };
        return await new Coordinator(TimeProvider.System).Start(request).Completion;
    }

    private sealed class BreakingCapture(FakeCapture inner) : ICaptureReader
    {
        private int _readings;

        public bool IsDisposed { get; private set; }

        public CaptureInfo Info => inner.Info;

        // Whole when it is looked at before the run.
        public IEnumerable<CapturedExchange> ByTime() => _readings++ == 0 ? inner.ByTime() : inner.ByTime().Select((e, i) => i == 0 ? e : throw new IOException("gone"));

        public void Dispose() => IsDisposed = true;
    }
}
