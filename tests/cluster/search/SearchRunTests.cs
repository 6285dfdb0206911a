using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

/// <summary>Searches with real requests against a target whose capacity is known.</summary>
public sealed class SearchRunTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [NeedsQuiet]
    [Fact]
    public async Task The_capacity_of_three_workers_of_25_ms_is_found()
    {
        await using var target = new QueueTarget(workers: 3, TimeSpan.FromMilliseconds(25));
        var run = Start(target.Url, "from: 60/s, plateau: 2s, resolution: 15%, within: 3m");
        var outcome = await run.Completion;
        var search = outcome.Summary.Search!;
        var told = string.Join('\n', outcome.Summary.Events.Select(e => $"{e.At:0.0} {e.Detail}"));

        Assert.True((search.Ending, search.Confirmed) is (SearchEnding.Found, true), told);
        // Workers give 120 a second. A plateau is too short for a slightly longer queue to break the limit.
        Assert.True(search.Holds is >= 120 * 0.75 and <= 120 * 1.2, told);
        Assert.True(search.Breaks is >= 120 * 0.85 and <= 120 * 1.4, told);
        Assert.Equal((Verdict.Passed, 0), (outcome.Summary.Verdict, outcome.Summary.ExitCode));
        Assert.Equal(search.Holds.Value, outcome.Summary.Load.Asked, tolerance: 2.0);
        // It ended by itself, and said so.
        Assert.True(outcome.Summary.DurationSeconds < 100, told);
        Assert.Equal(search.Plateaus.Count, outcome.Summary.Events.Count(e => e.Kind == "searchPlateauStarted"));
        Assert.Single(outcome.Summary.Events, e => e.Kind == "searchEnded");
        Assert.Equal(search.Plateaus.Select(p => p.Number), Enumerable.Range(1, search.Plateaus.Count));
        TestContext.Current.SendDiagnosticMessage(told);
    }

    [Fact]
    public async Task A_target_that_does_not_hold_the_first_rate_fails_the_run()
    {
        await using var target = new QueueTarget(workers: 1, TimeSpan.FromMilliseconds(50));
        var outcome = await Start(target.Url, "from: 80/s, plateau: 2s, within: 3m").Completion;

        Assert.Equal((SearchEnding.NeverHeld, 80), (outcome.Summary.Search!.Ending, outcome.Summary.Search.Breaks));
        Assert.Equal((Verdict.Failed, 99), (outcome.Summary.Verdict, outcome.Summary.ExitCode));
    }

    [Fact]
    public async Task A_search_that_is_stopped_says_so_and_cannot_be_steered_by_others()
    {
        await using var target = new QueueTarget(workers: 3, TimeSpan.FromMilliseconds(10));
        var run = Start(target.Url, "from: 20/s, plateau: 2s, within: 3m");
        await foreach (var (_, update) in run.Live.Follow(0, TestContext.Current.CancellationToken))
        {
            if (update is LiveUpdate.Event { What: TimelineEvent.SearchPlateauEnded { Holds: not null } })
                break;
        }
        Assert.Equal(SteeringRefusal.Searching, run.Steer(new SteeringChange.Pause(), "a test").Refusal);
        run.Stop("a test");
        var outcome = await run.Completion;

        Assert.Equal((Verdict.Stopped, 130), (outcome.Summary.Verdict, outcome.Summary.ExitCode));
        Assert.Equal((SearchEnding.Stopped, false), (outcome.Summary.Search!.Ending, outcome.Summary.Search.Confirmed));
        Assert.NotNull(outcome.Summary.Search.Holds);
    }

    private RunHandle Start(Uri target, string search)
    {
        var read = PlanReader.Parse($$"""
            name: capacity
            target: {{target}}
            load: { search: { slo: [ "http_req_duration: p(95) < 150ms", "http_req_failed: rate < 1%" ], {{search}} } }
            scenarios: [ { steps: [ get: / ] } ]
            """, "test.yaml");
        Assert.Empty(read.Problems);
        return new Coordinator(TimeProvider.System).Start(new RunRequest(read.Plan!, read.Text, _temp.File("run"), [], new ReportOptions(Html: false, Pdf: false)));
    }
}
