using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

public sealed class SteeredRunTests : IDisposable
{
    // What a lane may hear too late of a change on a machine that has other things to do, in requests.
    private const int Slack = 25;

    private readonly TempFolder _temp = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_pause_asks_for_nothing_and_the_run_is_judged_by_what_it_asked_for()
    {
        await using var target = new CountingTarget();
        var run = Start(target.Url, "rate: 50/s, duration: 14s", "thresholds: [ { http_req_failed: rate < 1% } ]");
        await UntilAsync(run, 1);
        var paused = run.Steer(new SteeringChange.Pause(), "a test");
        Assert.Equal(RunPhase.Paused, run.Status.Phase);
        await UntilAsync(run, paused.At.TotalSeconds + 3);
        var resumed = run.Steer(new SteeringChange.Resume(), "a test");
        var outcome = await run.Completion;

        Judged.As(Verdict.Passed, 0, outcome);
        var record = RunFolder.Read(run.Folder);
        var within = record.Intervals.Where(i => i.Second > paused.At.TotalSeconds + 0.5 && i.Second + 1 < resumed.At.TotalSeconds).ToList();
        Assert.NotEmpty(within);
        Assert.All(within, i => Assert.Equal(0, i.Requests[0].Asked));
        Assert.InRange(outcome.Summary.Requests.Asked, AskedBy(record) - Slack, AskedBy(record) + Slack);
        Assert.Equal(outcome.Summary.Requests.Asked, outcome.Summary.Requests.Sent + outcome.Summary.Load.NotSent);
        Assert.Equal(
            [SteeredTo.Paused, SteeredTo.Resumed],
            record.Events.OfType<TimelineEvent.LoadSteered>().Select(e => e.To));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_changed_rate_is_sent_recorded_and_told_by_its_name()
    {
        await using var target = new CountingTarget();
        var run = Start(target.Url, "rate: 20/s, duration: 10m");
        await UntilAsync(run, 1);
        run.Steer(new SteeringChange.ToRate(new(200, TimeSpan.FromSeconds(1))), "somebody");
        Assert.Equal(("200/s", 200.0), (run.Status.Load, run.Status.AskedRate));
        while (target.Count < 400)
            await Task.Delay(10, Cancelled);
        run.Steer(new SteeringChange.Finish(), "somebody else");
        var outcome = await run.Completion;

        var record = RunFolder.Read(run.Folder);
        Assert.Equal(target.Count, outcome.Summary.Requests.Sent);
        Assert.InRange(outcome.Summary.Requests.Sent, AskedBy(record) - Slack, AskedBy(record) + Slack);
        Assert.Equal(("somebody", 200), Assert.Single(record.Events.OfType<TimelineEvent.LoadSteered>()) is var e ? (e.By, e.Value) : default);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_graceful_stop_lets_finish_what_is_under_way()
    {
        await using var target = new CountingTarget(TimeSpan.FromSeconds(2));
        var run = Start(target.Url, "rate: 20/s, duration: 10m");
        await UntilAsync(run, 1);
        run.Steer(new SteeringChange.Finish(), "a test");
        var outcome = await run.Completion;

        Assert.Equal((Verdict.Stopped, 130), (outcome.Summary.Verdict, outcome.Summary.ExitCode));
        Assert.Contains("gracefully by a test", outcome.Summary.Reason, StringComparison.Ordinal);
        Assert.Empty(outcome.Summary.Errors);
        Assert.InRange(outcome.Summary.Requests.Ok, 20, target.Count);
        Assert.Equal(outcome.Summary.Requests.Asked, outcome.Summary.Requests.Ok);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_graceful_stop_that_takes_too_long_for_somebody_is_cut_short()
    {
        await using var target = new CountingTarget(TimeSpan.FromMinutes(1));
        var run = Start(target.Url, "rate: 20/s, duration: 10m", "http: { timeout: 2m }");
        await UntilAsync(run, 1);
        run.Steer(new SteeringChange.Finish(), "a patient one");
        Assert.Equal(RunPhase.Stopping, run.Status.Phase);
        Assert.Equal(SteeringRefusal.Over, run.Steer(new SteeringChange.Pause(), "somebody late").Refusal);
        run.Stop("an impatient one");
        var outcome = await run.Completion;

        Assert.Contains("an impatient one", outcome.Summary.Reason, StringComparison.Ordinal);
        Assert.Equal(outcome.Summary.Requests.Sent, outcome.Summary.Errors["stopped"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Users_come_and_go_as_they_are_told()
    {
        await using var target = new CountingTarget(TimeSpan.FromMilliseconds(50));
        var run = Start(target.Url, "users: 2, duration: 10m");
        await ConnectedAsync(run, 2);
        Assert.Equal(SteeringRefusal.UsersHaveNoRate, run.Steer(new SteeringChange.ToFactor(2), "a test").Refusal);
        var more = run.Steer(new SteeringChange.ToUsers(10), "a test");
        Assert.Equal((10, null), (run.Status.Users, run.Status.AskedRate));
        await ConnectedAsync(run, 10);
        run.Steer(new SteeringChange.Finish(), "a test");
        var outcome = await run.Completion;

        var intervals = RunFolder.Read(run.Folder).Intervals;
        Assert.Equal(2, intervals.Where(i => i.Second + 1 < more.At.TotalSeconds).Max(i => i.OpenConnections));
        Assert.Equal(10, intervals.Max(i => i.OpenConnections));
        Assert.Equal(outcome.Summary.Requests.Sent, outcome.Summary.Requests.Ok);
    }

    private static double AskedBy(RunRecord record) =>
        SteeredLoad.Of(record.Manifest.Load, record.Events).Segments.Sum(s => (s.FromRate + s.ToRate) / 2 * (s.To - s.From).TotalSeconds);

    private static async Task UntilAsync(RunHandle run, double seconds)
    {
        while (run.Status.At < seconds)
            await Task.Delay(10, Cancelled);
    }

    /// <summary>Waits for a second with so many connections.</summary>
    private static async Task ConnectedAsync(RunHandle run, long connections)
    {
        await foreach (var (_, update) in run.Live.Follow(0, Cancelled))
        {
            if (update is LiveUpdate.Second second && second.Point.Connections == connections)
                return;
        }
        Assert.Fail($"There were never {connections} connections.");
    }

    private RunHandle Start(Uri target, string load, string more = "")
    {
        var text = $"""
            name: steered
            target: {target}
            load: {"{"} {load} {"}"}
            scenarios:
              - name: only
                steps: [ get: / ]
            {more}
            """;
        var read = PlanReader.Parse(text, "test.yaml");
        Assert.Empty(read.Problems);
        return new Coordinator(TimeProvider.System).Start(new RunRequest(
            read.Plan!, read.Text, _temp.File("run"), [], new ReportOptions(Html: false, Pdf: false)));
    }
}
