using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

public sealed class WatchdogTests
{
    [Fact(Timeout = 120_000)]
    public async Task A_run_whose_event_loop_hangs_ends_as_an_error_with_what_was_measured()
    {
        using var temp = new TempFolder();
        await using var target = new CountingTarget();
        using var time = new BlockingTime("lane 0");
        var read = PlanReader.Parse($"name: stuck\ntarget: {target.Url}\nload: {{ rate: 20/s, duration: 10m }}\nscenarios: [ {{ steps: [ get: / ] }} ]\n", "test.yaml");
        var run = new Coordinator(time).Start(new RunRequest(read.Plan!, read.Text, temp.File("run"), [], new ReportOptions(Html: false, Pdf: false)));
        await foreach (var (_, update) in run.Live.Follow(0, TestContext.Current.CancellationToken))
        {
            if (update is LiveUpdate.Second { Point.Second: 1 })
                break;
        }

        time.Block = true;
        var outcome = await run.Completion;

        Assert.Equal((Verdict.Error, 1), (outcome.Summary.Verdict, outcome.Summary.ExitCode));
        Assert.Equal("event loop 0 of the load generator hung for 10 s and was given up", outcome.Summary.Reason);
        Assert.InRange(outcome.Summary.Requests.Ok, 1, 1_000);
        var failed = Assert.Single(RunFolder.Read(run.Folder).Events.OfType<TimelineEvent.RunFailed>());
        Assert.Equal(new StuckLane(0, TimeSpan.FromSeconds(10)), failed.Stuck);
    }
}
