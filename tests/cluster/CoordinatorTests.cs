using Pressure.Agent;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

public sealed class CoordinatorTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_run_sends_what_was_asked_records_it_and_judges_it()
    {
        await using var target = new CountingTarget();
        var run = Start(target.Url, "duration: 3s", "thresholds: [ { http_req_failed: rate < 1% } ]");
        var updates = await run.Live.Follow(0, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        var outcome = await run.Completion;

        Judged.As(Verdict.Passed, 0, outcome);
        Assert.Equal(150, outcome.Summary.Requests.Sent);
        Assert.Equal(150, target.Count);
        Assert.IsType<LiveUpdate.Finished>(updates[^1].Update);
        Assert.Equal(150, updates.Select(u => u.Update).OfType<LiveUpdate.Second>().Sum(s => s.Point.Sent));
        var record = RunFolder.Read(run.Folder);
        Assert.True(record.Ended);
        Assert.Equal(150, record.Intervals.Sum(i => i.Requests.Sum(r => r.Sent)));
        Assert.NotEmpty(record.Hosts);
        Assert.NotEmpty(record.Generator);
        Assert.Equal(
            [typeof(TimelineEvent.RunStarted), typeof(TimelineEvent.LoadEnded), typeof(TimelineEvent.RunEnded)],
            record.Events.Select(e => e.GetType()));
    }

    [Fact]
    public async Task A_stopped_run_keeps_what_it_has_and_says_who_stopped_it()
    {
        await using var target = new CountingTarget();
        var run = Start(target.Url, "duration: 60s");
        await foreach (var (_, update) in run.Live.Follow(0, TestContext.Current.CancellationToken))
        {
            if (update is LiveUpdate.Second)
                break;
        }
        run.Stop("a test");
        run.Stop("somebody later");
        var outcome = await run.Completion;

        Assert.Equal(Verdict.Stopped, outcome.Summary.Verdict);
        Assert.Equal(130, outcome.Summary.ExitCode);
        Assert.Equal("a test", Assert.Single(RunFolder.Read(run.Folder).Events.OfType<TimelineEvent.StopRequested>()).By);
        Assert.Equal(target.Count, outcome.Summary.Requests.Sent);
        Assert.Equal(outcome.Summary.Requests.Sent, outcome.Summary.Requests.Ok + outcome.Summary.Requests.Failed);
    }

    [Fact]
    public async Task A_stop_that_comes_when_the_load_is_over_changes_nothing()
    {
        await using var target = new CountingTarget();
        var run = Start(target.Url, "duration: 1s");
        await foreach (var (_, update) in run.Live.Follow(0, TestContext.Current.CancellationToken))
        {
            if (update is LiveUpdate.Event { What: TimelineEvent.RunEnded })
                break;
        }
        run.Stop("somebody late");
        var outcome = await run.Completion;
        run.Stop("somebody later");

        Judged.As(Verdict.NoCriteria, 0, outcome);
        Assert.Empty(RunFolder.Read(run.Folder).Events.OfType<TimelineEvent.StopRequested>());
    }

    [Fact]
    public async Task A_run_shorter_than_the_samplers_second_still_has_its_host()
    {
        await using var target = new CountingTarget();
        var outcome = await Start(target.Url, "duration: 400ms").Completion;
        Assert.Equal(20, outcome.Summary.Requests.Sent);
        Assert.Equal("local", Assert.Single(outcome.Summary.Hosts).Name);
    }

    [Fact]
    public void A_run_folder_that_cannot_be_made_is_an_error_before_any_request()
    {
        var file = _temp.File("a-file");
        File.WriteAllText(file, "");
        Assert.ThrowsAny<IOException>(() => Start(new Uri("http://127.0.0.1:9/"), "duration: 1s", folder: Path.Combine(file, "run")));
    }

    [Fact]
    public async Task A_run_folder_that_vanishes_ends_the_run_as_an_error_with_the_figures_in_memory()
    {
        await using var target = new CountingTarget();
        var run = Start(target.Url, "duration: 2s");
        // The run may make a file in it meanwhile.
        while (Directory.Exists(run.Folder))
        {
            try
            {
                Directory.Delete(run.Folder, recursive: true);
            }
            catch (IOException)
            {
                await Task.Yield();
            }
        }
        var outcome = await run.Completion;
        Assert.Equal(Verdict.Error, outcome.Summary.Verdict);
        Assert.Null(outcome.Files);
    }

    private RunHandle Start(Uri target, string load, string more = "", string? folder = null)
    {
        var text = $"""
            name: coordinated
            target: {target}
            load:
              rate: 50/s
              {load}
            scenarios:
              - name: only
                steps: [ get: / ]
            {more}
            """;
        var read = PlanReader.Parse(text, "test.yaml");
        Assert.Empty(read.Problems);
        return new Coordinator(TimeProvider.System).Start(new RunRequest(
            read.Plan!, read.Text, folder ?? _temp.File("run"), [new LocalHost()], new ReportOptions(Html: false, Pdf: false)));
    }
}
