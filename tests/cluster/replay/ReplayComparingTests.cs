using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

public sealed class ReplayComparingTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Answers_are_held_against_the_captured_ones()
    {
        await using var candidate = new ShopDouble { IsBroken = true };

        var (outcome, found) = await Run(candidate, "compare: { ignore: [ $.servedAt, header:Server ] }");

        Assert.Equal(("captured", 60, 0), (found.Against, found.Compared, found.Same));
        Assert.Equal(["GET /item/{id} header:Cache-Control missing 60/60", "GET /item/{id} $.price changed 20/60"], Told(found));
        Assert.Equal(("10", "11"), (found.Fields[1].Samples[0].Expected, found.Fields[1].Samples[0].Actual));
        Judged.As(Verdict.NoCriteria, 0, outcome);
    }

    [Fact]
    public async Task With_a_primary_and_a_secondary_noise_cancels_out_and_sessions_are_each_ones_own()
    {
        await using var candidate = new ShopDouble { IsBroken = true, Name = "c" };
        await using var primary = new ShopDouble { Name = "p" };
        await using var secondary = new ShopDouble { Name = "s" };

        var (outcome, found) = await Run(candidate, $"compare: {{ primary: '{primary.Url}', secondary: '{secondary.Url}', ignore: [ header:Cache-Control ] }}", sessions: true, threshold: "rate < 30%");

        Assert.Equal(("primary-secondary", 100, 80), (found.Against, found.Compared, found.Same));
        Assert.Empty(found.NotCompared);
        Assert.Equal(["GET /item/{id} $.price changed 20/60"], Told(found));
        Assert.Equal(["$.servedAt"], found.Fields.Where(f => f.IsNoise).Select(f => f.Field));
        Assert.Equal((100, 100, 100), (candidate.Answers, primary.Answers, secondary.Answers));
        Judged.As(Verdict.Passed, 0, outcome);
        Assert.Equal(("20 %", 20L), (outcome.Summary.Thresholds[0].ActualText, outcome.Summary.Differences!.Differing));
    }

    [Fact]
    public async Task Too_many_differences_fail_a_run()
    {
        await using var candidate = new ShopDouble { IsBroken = true };
        await using var primary = new ShopDouble();

        var (outcome, found) = await Run(candidate, $"compare: {{ primary: '{primary.Url}', ignore: [ $.servedAt, header:Cache-Control ] }}", threshold: "rate < 30%");

        Assert.Equal(("primary", 60, 40), (found.Against, found.Compared, found.Same));
        Judged.As(Verdict.Failed, 99, outcome);
    }

    [Fact]
    public async Task A_primary_that_is_not_there_harms_nothing_and_is_counted()
    {
        await using var candidate = new ShopDouble();

        var (outcome, found) = await Run(candidate, $"compare: {{ primary: 'http://127.0.0.1:{ServerProcess.FreePort()}' }}");

        Assert.Equal((60, 0), (outcome.Summary.Requests.Ok, found.Compared));
        Assert.Equal(new Dictionary<string, long> { ["no-primary"] = 60 }, found.NotCompared);
    }

    private static IEnumerable<string> Told(DifferenceRecord found) => found.Fields.Where(f => !f.IsNoise).Select(f => $"{f.Endpoint} {f.Field} {f.Kind} {f.Answers}/{f.Of}");

    private async Task<(RunOutcome, DifferenceRecord)> Run(ShopDouble candidate, string compare, bool sessions = false, string? threshold = null)
    {
        var capture = Capture(sessions);
        var thresholds = threshold is null ? "" : $", thresholds: [ {{ answers_differing: {threshold} }} ]";
        var text = $"{{ name: test, target: '{candidate.Url}', load: {{ replay: {{ capture: shop.capture, {compare} }} }}{thresholds} }}";
        var read = PlanReader.ParseIn(_temp.Path, text, "plan.yaml");
        Assert.Empty(read.Problems.Select(p => p.ToString()));
        var prepared = ReplayPreparation.Open(read.Plan!, "plan.yaml", _ => capture, out var problems);
        Assert.Empty(problems.Select(p => p.ToString()));
        var request = new RunRequest(prepared!.Plan, text, Path.Combine(_temp.Path, "run"), [], new ReportOptions(ReportLanguage.En, Html: true, Pdf: false)) { Captures = prepared };
        var outcome = await new Coordinator(TimeProvider.System).Start(request).Completion;
        return (outcome, RunFolder.Read(outcome.Folder).Differences!);
    }

    /// <summary>Items of six clients; and, with sessions, of four more who log in and look at their carts.</summary>
    private static FakeCapture Capture(bool sessions)
    {
        const string head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n";
        var capture = new FakeCapture("shop.capture");
        for (var i = 0; i < 60; i++)
            capture.Add(i % 6, i * 10, $"GET /item/{i} HTTP/1.1\r\nHost: shop.example\r\n", response: head, responseBody: $$"""{"id":{{i}},"price":10,"servedAt":"then"}""");
        for (var client = 10; sessions && client < 14; client++)
        {
            capture.Add(client, 5, "GET /login HTTP/1.1\r\nHost: shop.example\r\n", response: head + "Set-Cookie: session=***; Path=/; HttpOnly\r\n", responseBody: """{"welcome":true}""", marks: TrafficCopy.ExchangeMarks.Masked);
            for (var visit = 1; visit < 10; visit++)
                capture.Add(client, 5 + visit * 60, "GET /cart HTTP/1.1\r\nHost: shop.example\r\nCookie: session=***\r\n", response: head, responseBody: $$"""{"visits":{{visit}}}""", marks: TrafficCopy.ExchangeMarks.Masked);
        }
        return capture;
    }
}
