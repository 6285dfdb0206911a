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
