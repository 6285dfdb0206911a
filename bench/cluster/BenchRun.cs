using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Bench.Cluster;

/// <summary>Runs over workers, as <c>pressure run --workers</c> makes them.</summary>
internal static class BenchRun
{
    /// <summary>Distinct requests of a plan for made-up workers.</summary>
    public const int Requests = 50;

    /// <summary>Connects.</summary>
    public static Task<RabbitBus> ConnectAsync(string broker, string name) =>
        RabbitBus.ConnectAsync(BrokerAddress.Parse(broker).Address ?? throw new ArgumentException(string.Join(' ', BrokerAddress.Parse(broker).Problems)), name, new() { StartLimit = TimeSpan.FromMinutes(1) });

    /// <summary>A plan whose every iteration makes all of its requests.</summary>
    public static string Plan(string target, string load, string workers, int requests) => $$"""
        name: bench
        target: {{target}}
        load: { {{load}} }
        hosts: []
        thresholds: []
        workers: { {{workers}} }
        scenarios:
          - name: all
            steps: [ {{string.Join(", ", Enumerable.Range(0, requests).Select(i => $"{{ get: /{i}, name: request {i} }}"))}} ]
        """;

    /// <summary>Finds workers and starts a run.</summary>
    public static async Task<RunHandle> StartAsync(IBus bus, string plan, string folder)
    {
        var read = PlanReader.Parse(plan, "plan.yaml");
        if (read.Plan is not { Workers: { } wish } checkedPlan)
            throw new ArgumentException(string.Join(' ', read.Problems));
        var request = new RunRequest(checkedPlan, read.Text, folder, [], new ReportOptions(Html: false, Pdf: false));
        var recruiting = await Crew.RecruitAsync(new CrewRequest(bus, request, wish) { Allow = [checkedPlan.Target.Host], Gathering = TimeSpan.FromMinutes(1) }, TimeProvider.System);
        if (recruiting.Crew is null)
            throw new InvalidOperationException(string.Join(' ', recruiting.Problems.Select(p => p.Message)));
        return new Coordinator(TimeProvider.System).Start(request with { Crew = recruiting.Crew });
    }

    /// <summary>Waits until a moment of a run.</summary>
    public static async Task UntilAsync(RunHandle run, TimeSpan at)
    {
        var left = run.Manifest.StartedAt + at - TimeProvider.System.GetUtcNow();
        if (left > TimeSpan.Zero)
            await Task.Delay(left);
    }

    /// <summary>All that a record counts.</summary>
    public static (long Asked, long Sent, long NotSent) Sums(RunRecord record)
    {
        var requests = record.Intervals.SelectMany(i => i.Requests).ToList();
        return (requests.Sum(r => r.Asked), requests.Sum(r => r.Sent), requests.Sum(r => r.NotSent));
    }
}
