using System.Globalization;
using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Bench.Mirror;

/// <summary>Presses a contender at a rate, by our own engine.</summary>
internal static class Pressing
{
    public static async Task<Figures> RunAsync(Running contender, int rate, int seconds, int body)
    {
        var step = body > 0 ? $"{{ post: /, body: \"{new string('x', body)}\" }}" : "{ get: / }";
        var yaml = string.Create(CultureInfo.InvariantCulture, $"""
            name: bench
            target: http://127.0.0.1:{contender.Port}
            load: {"{"} rate: {rate}/s, duration: {seconds}s {"}"}
            http: {"{"} maxConnections: 64 {"}"}
            scenarios: [ {"{"} name: bench, steps: [ {step} ] {"}"} ]
            """);
        var read = PlanReader.Parse(yaml, "bench");
        var plan = read.Plan ?? throw new InvalidOperationException(string.Join('\n', read.Problems));
        var times = new Histogram();
        var (sent, failed) = (0L, 0L);
        var cpu = contender.CpuTime();
        await new LoadEngine(new EngineJob(Workload.Of(plan), "bench", 1), new RunClock(TimeProvider.System, TimeSpan.FromMilliseconds(300))).RunAsync(
            second =>
            {
                var request = second.Interval.Requests[0];
                (sent, failed) = (sent + request.Sent, failed + request.Failed + request.NotSent);
                times.Add(request.ResponseTime);
            },
            CancellationToken.None);
        cpu = contender.CpuTime() - cpu;
        return new(times.Percentile(50).TotalMilliseconds, times.Percentile(99).TotalMilliseconds, times.Percentile(99.9).TotalMilliseconds, cpu.TotalMicroseconds / Math.Max(1, sent), sent, failed);
    }
}
