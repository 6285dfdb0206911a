using System.Diagnostics;
using Pressure.Cluster;
using Pressure.Record;

namespace Pressure.Bench.Cluster;

/// <summary>Many workers that tell of a second once a second, spread over it as real ones are, over a few connections.</summary>
internal static class WorkerCrowd
{
    private const int Connections = 4;
    private const int Different = 16;

    /// <summary>Tells for so many seconds; prints what was sent.</summary>
    public static async Task RunAsync(string broker, int workers, int seconds, int timesEach)
    {
        var buses = await Task.WhenAll(Enumerable.Range(0, Connections).Select(i => BenchRun.ConnectAsync(broker, $"workers {i}")));
        // Made beforehand, so that making them up takes nothing from those who are measured.
        var made = new MadeUpSeconds(seed: 2, BenchRun.Requests, timesEach);
        var (one, begun) = (Enumerable.Range(0, Different).Select(i => made.Make(i, 0)).ToList(), Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, workers).Select(share => TellAsync(buses[share % Connections], share, workers, seconds, one, begun)));
        Console.WriteLine($"sent={buses.Sum(b => b.Counts.Sent)} seconds={begun.Elapsed.TotalSeconds:F1} interruptions={buses.Sum(b => b.Counts.Interruptions)}");
        foreach (var bus in buses)
            await bus.DisposeAsync();
    }

    private static async Task TellAsync(RabbitBus bus, int share, int workers, int seconds, List<Interval> made, Stopwatch begun)
    {
        for (var second = 0; second < seconds; second++)
        {
            var due = TimeSpan.FromSeconds(second + 1 + (double)share / workers) - begun.Elapsed;
            if (due > TimeSpan.Zero)
                await Task.Delay(due);
            var counts = new Interval(share, second, BenchRun.Requests);
            counts.Add(made[(share + second) % made.Count]);
            await bus.SendAsync(MessageKinds.RunMailbox(BenchRun.Id), MessageBody.Write(MessageKinds.Second, Head(share, second), counts.Encode()));
        }
    }

    private static ShareSecond Head(int share, int second) => new($"worker-{share}", share, 0)
    {
        Generator = new() { At = TimeSpan.FromSeconds(second + 1), Cpu = 0.5, BusiestLane = 0.5, LateP50 = TimeSpan.FromMicroseconds(50), LateP99 = TimeSpan.FromMicroseconds(200), Memory = 100 << 20 },
    };
}
