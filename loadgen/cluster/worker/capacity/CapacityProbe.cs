using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>
/// How many requests per second this machine can make at the most: its own engine against a tiny server in the same process, over loopback. A ceiling, and of use to compare machines:
/// what a plan really allows depends on its requests and on the target. The server takes its part of the machine too, so more cores show less than they could.
/// </summary>
public static class CapacityProbe
{
    private const int UsersPerLane = 50;

    /// <summary>The first second is for warming up.</summary>
    private const int Seconds = 2;

    /// <summary>Measures it; takes about two seconds.</summary>
    /// <returns>Requests per second.</returns>
    /// <exception cref="IOException">No server could be opened, or it did not answer.</exception>
    public static async Task<double> MeasureAsync(TimeProvider time, CancellationToken stop)
    {
        await using var server = OkServer.Start();
        var lanes = Math.Max(1, Environment.ProcessorCount / 2);
        var workload = Workload.Of(Plan(server.Port, lanes * UsersPerLane));
        var counts = new long[Seconds];
        var engine = new LoadEngine(new EngineJob(workload, "capacity", lanes), new RunClock(time, TimeSpan.FromMilliseconds(100)));
        await engine.RunAsync(second => Take(second.Interval, counts), stop);
        stop.ThrowIfCancellationRequested();
        return counts[^1] > 0 ? counts[^1] : throw new IOException("the server within this process did not answer");
    }

    private static void Take(Interval second, long[] counts)
    {
        if (second.Second < counts.Length)
            counts[second.Second] += second.Requests.Sum(r => r.Ok);
    }

    private static LoadPlan Plan(int port, int users) => PlanReader.Parse($$"""
        name: capacity
        target: http://127.0.0.1:{{port}}
        load: { users: {{users}}, duration: {{Seconds}}s }
        scenarios: [ { name: ok, steps: [ { get: / } ] } ]
        """, "capacity").Plan!;
}
