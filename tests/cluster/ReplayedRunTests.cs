using System.Buffers;
using System.Text;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

/// <summary>A replay is a run like any other: folder, timeline, verdict, reports.</summary>
public sealed class ReplayedRunTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(1, ReportLanguage.En, "captured traffic, 300 requests")]
    [InlineData(double.PositiveInfinity, ReportLanguage.Zh, "回放采集的流量，300 个请求")]
    public async Task A_replay_is_recorded_and_judged_and_over_when_nothing_is_left(double speed, ReportLanguage language, string load)
    {
        await using var target = new CountingTarget();
        var run = Start(target.Url, 300, speed, language);
        var outcome = await run.Completion;

        Judged.As(Verdict.NoCriteria, 0, outcome);
        Assert.Equal((300L, 300L), (outcome.Summary.Requests.Asked, outcome.Summary.Requests.Ok));
        Assert.Equal(300, target.Count);
        var record = RunFolder.Read(run.Folder);
        Assert.Equal((LoadManifest.ReplayKind, 300), (record.Manifest.Load.Kind, record.Manifest.Load.Total));
        var ended = Assert.Single(record.Events.OfType<TimelineEvent.LoadEnded>());
        Assert.InRange(ended.At, TimeSpan.Zero, TimeSpan.FromMinutes(9));
        Assert.Contains(load, await File.ReadAllTextAsync(outcome.Files!.Html!, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_ended_but_not_steered()
    {
        await using var target = new CountingTarget();
        var run = Start(target.Url, 100_000, speed: 1);

        await foreach (var (_, update) in run.Live.Follow(0, TestContext.Current.CancellationToken))
        {
            if (update is LiveUpdate.Second)
                break;
        }

        var paused = run.Steer(new SteeringChange.Pause(), "a test");
        var finished = run.Steer(new SteeringChange.Finish(), "a test");
        var outcome = await run.Completion;

        Assert.Equal(SteeringRefusal.Replaying, paused.Refusal);
        Assert.Contains("replays captured traffic", RefusalText.Of(paused.Refusal).Problem, StringComparison.Ordinal);
        Assert.True(finished.IsAccepted);
        Assert.Equal(Verdict.Stopped, outcome.Summary.Verdict);
        Assert.InRange(outcome.Summary.Requests.Sent, 1, 99_999);
        Assert.Equal(target.Count, outcome.Summary.Requests.Ok);
    }

    private RunHandle Start(Uri target, int count, double speed, ReportLanguage language = ReportLanguage.En)
    {
        var plan = new LoadPlan
        {
            Name = "replay",
            Target = target,
            Duration = TimeSpan.FromMinutes(10),
            Load = new Load.Replay(new() { Captures = ["memory"], Speed = speed }) { Counts = [count] },
            Scenarios = [new Scenario("captured", 1, [new Step.Request { Name = "GET /", Method = "GET", Url = target, Service = "target" }])],
        };
        return new Coordinator(TimeProvider.System).Start(new RunRequest(plan, "", _temp.File("run"), [], new ReportOptions(language, Pdf: false)) { Replay = new Memory(target.Authority, count) });
    }

    /// <summary>A request every two milliseconds, of ten clients in turn (for 1, 2, 5 or 10 lanes).</summary>
    private sealed class Memory(string host, int count) : IReplaySource
    {
        public IReplayFeed Open(ReplayPart part) => new Feed(host, count, part.Lane, part.Lanes);

        public void Dispose()
        {
        }
    }

    private sealed class Feed(string host, int count, int lane, int lanes) : IReplayFeed
    {
        private int _taken;

        public TimeSpan NextDue => IsExhausted ? TimeSpan.MaxValue : Next * TimeSpan.FromMilliseconds(2);

        public bool IsExhausted => Next >= count;

        private int Next => lane + (_taken * lanes);

        public ReplayedRequest Take()
        {
            var request = new Request(host) { Client = Next % 10, Due = NextDue };
            _taken++;
            return request;
        }

        public void Drop(ReplayedRequest request)
        {
        }
    }

    private sealed class Request(string host) : ReplayedRequest
    {
        public override void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> traceparent) => to.Write(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));

        public override void Over(in ReplayedAnswer answer)
        {
        }
    }
}
