using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

public sealed class CompanionTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_companion_ends_what_it_did_before_the_run_is_over()
    {
        await using var target = new CountingTarget();
        var companion = new Striking();
        var outcome = await Start(target.Url, "2s", companion).Completion;

        var events = RunFolder.ReadEvents(outcome.Folder).ToList();
        var off = events.FindIndex(e => e is TimelineEvent.FaultOff);
        Assert.True(events.FindIndex(e => e is TimelineEvent.FaultOn) is >= 0 and var on && on < off);
        Assert.True(off < events.FindIndex(e => e is TimelineEvent.RunEnded));
        Assert.True(companion.EndedAt >= TimeSpan.FromSeconds(2));
    }

    [Fact(Timeout = 60_000)]
    public async Task It_sees_the_figures_of_the_last_seconds()
    {
        await using var target = new CountingTarget();
        var companion = new Striking();
        await Start(target.Url, "4s", companion).Completion;

        // Fifty requests a second were asked for and all went well.
        Assert.InRange(companion.RateSeen ?? 0, 40, 60);
        Assert.Equal(0, companion.FailedSeen);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("stop")]
    [InlineData("finish")]
    [InlineData("abort")]
    public async Task Whatever_ends_the_load_early_ends_it_at_once(string how)
    {
        await using var target = new CountingTarget();
        var companion = new Striking();
        var run = Start(target.Url, "60s", companion, how == "abort" ? "abort: [ { when: { http_reqs: count > 1 }, over: 1s } ]" : "");
        await companion.Struck;
        if (how == "stop")
            run.Stop("test");
        else if (how == "finish")
            run.Steer(new SteeringChange.Finish(), "test");
        var outcome = await run.Completion;

        Assert.Contains(RunFolder.ReadEvents(outcome.Folder), e => e is TimelineEvent.FaultOff);
        Assert.True(companion.EndedAt < TimeSpan.FromSeconds(30));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_it_throws_ends_the_run_as_an_error()
    {
        await using var target = new CountingTarget();
        var outcome = await Start(target.Url, "60s", new Throwing()).Completion;

        Assert.Equal(Verdict.Error, outcome.Summary.Verdict);
        Assert.Contains("no engine", outcome.Summary.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_does_not_end_is_told_of_and_not_waited_for_without_end()
    {
        var time = new FakeTime();
        TimelineEvent.RunFailed? failed = null;
        List<TimelineEvent> told = [];
        var hanging = new Hanging();
        var manifest = new RunManifest { Id = "1", Name = "a", Target = "", StartedAt = default, Version = "0", Duration = default, Load = LoadManifest.OfDrill, Requests = [] };
        var companions = new RunCompanions([hanging], manifest, new RunClock(time), _temp.Path, told.Add, f => failed = f);
        companions.Start();
        await hanging.Begun;
        var ending = companions.EndAsync(time);
        while (!ending.IsCompleted)
        {
            time.Advance(RunCompanions.Patience);
            await Task.Yield();
        }
        companions.Tell(new TimelineEvent.Marked(default, "recovered", "too late"));

        Assert.Contains("did not end", failed?.Why, StringComparison.Ordinal);
        Assert.Empty(told);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_mark_stands_on_the_timeline_while_the_load_goes_on()
    {
        await using var target = new CountingTarget();
        var companion = new Striking();
        var run = Start(target.Url, "2s", companion);
        await companion.Struck;
        Assert.True(run.Mark("detected", "ops", "pager"));
        var outcome = await run.Completion;

        Assert.False(run.Mark("recovered", "ops"));
        Assert.Equal(("detected", "ops", "pager"), RunFolder.ReadEvents(outcome.Folder).OfType<TimelineEvent.Marked>().Select(m => (m.Mark, m.By, m.Note)).Single());
    }

    private RunHandle Start(Uri target, string duration, IRunCompanion companion, string more = "")
    {
        var read = PlanReader.Parse($$"""
            name: companion
            target: {{target}}
            load: { rate: 50/s, duration: {{duration}} }
            scenarios: [ { steps: [ { get: / } ] } ]
            {{more}}
            """, "plan.yaml");
        return new Coordinator(TimeProvider.System).Start(new RunRequest(read.Plan!, read.Text, _temp.File("run"), [], new ReportOptions(Html: false, Pdf: false)) { Companions = [companion] });
    }

    /// <summary>A fault from the start to the end.</summary>
    private sealed class Striking : IRunCompanion
    {
        private readonly TaskCompletionSource _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Struck => _struck.Task;

        public TimeSpan EndedAt { get; private set; }

        public double? RateSeen { get; private set; }

        public double? FailedSeen { get; private set; }

        public async Task GoAlongAsync(IAccompaniedRun run, CancellationToken stop)
        {
            run.Tell(new TimelineEvent.FaultOn(TimeSpan.Zero, "h", "", "container-kill", "local", "item", TimeSpan.FromMinutes(1)));
            _struck.SetResult();
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, CancellationToken.None);
            (RateSeen, FailedSeen) = (run.Metrics.Value("http_reqs", "rate", TimeSpan.FromSeconds(2)), run.Metrics.Value("http_req_failed", "rate", TimeSpan.FromSeconds(2)));
            EndedAt = run.Clock.Now;
            run.Tell(new TimelineEvent.FaultOff(EndedAt, "h", "container-kill", "item", "controller"));
        }
    }

    private sealed class Throwing : IRunCompanion
    {
        public Task GoAlongAsync(IAccompaniedRun run, CancellationToken stop) => throw new InvalidOperationException("no engine answers");
    }

    private sealed class Hanging : IRunCompanion
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public Task GoAlongAsync(IAccompaniedRun run, CancellationToken stop)
        {
            _begun.SetResult();
            return Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }
}
