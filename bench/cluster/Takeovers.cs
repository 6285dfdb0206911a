using Pressure.Record;

namespace Pressure.Bench.Cluster;

/// <summary>One of several real workers is killed in the middle of a run, again and again: when its share goes on, and whether all is accounted for.</summary>
internal static class Takeovers
{
    private const int Rate = 400;
    private const int Seconds = 9;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    /// <summary>Prints a line a round, and the distribution.</summary>
    public static async Task RunAsync(int brokerPort, string pressure, string folder, int rounds, IReadOnlyList<Room> rooms)
    {
        await using var bus = await BenchRun.ConnectAsync($"amqp://127.0.0.1:{brokerPort}", "coordinator");
        using var target = new CountingServer();
        var workers = rooms.Select((room, i) => Start(room, $"w{i}")).ToList();
        var (random, taken) = (new Random(1), new List<Takeover>());
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                var plan = BenchRun.Plan($"http://{rooms[0].Here}:{target.Port}", $"rate: {Rate}/s, duration: {Seconds}s", $"count: {workers.Count}, heartbeat: {Heartbeat.TotalSeconds}s, tolerate: 100%", requests: 1);
                var run = await BenchRun.StartAsync(bus, plan, Path.Combine(folder, $"run{round}"));
                // Anywhere between two seconds, and between two beats.
                await BenchRun.UntilAsync(run, TimeSpan.FromSeconds(3.5 + random.NextDouble()));
                var victim = round % workers.Count;
                workers[victim].Kill();
                var killed = TimeProvider.System.GetUtcNow() - run.Manifest.StartedAt;
                await run.Completion;
                taken.Add(Takeover.Of(RunFolder.Read(run.Folder), workers[victim].Name, killed, Rate * Seconds));
                Console.WriteLine($"round={round + 1} {taken[^1]}");
                workers[victim].Dispose();
                workers[victim] = Start(rooms[victim], $"w{victim}-{round}");
            }
        }
        finally
        {
            workers.ForEach(w => w.Dispose());
        }
        Print("since its last told second", taken.ConvertAll(t => t.SinceTold));
        Print("since its last beat heard", taken.ConvertAll(t => t.SinceBeat));
        Print("since the kill", taken.ConvertAll(t => t.SinceKill));
        Console.WriteLine($"takeovers={taken.Count} false-losses={taken.Sum(t => t.FalseLosses)} accounted={taken.TrueForAll(t => t.IsAccounted)}");

        RealWorker Start(Room room, string name) => new(pressure, room, brokerPort, name, Path.Combine(folder, name));
    }

    private static void Print(string what, List<TimeSpan> times)
    {
        times.Sort();
        var (middle, most) = (times[times.Count / 2] / Heartbeat, times[^1] / Heartbeat);
        Console.WriteLine(FormattableString.Invariant($"takeover {what}: least {times[0] / Heartbeat:F2}, p50 {middle:F2}, max {most:F2} heartbeats, goal < 3: {(most < 3 ? "reached" : "missed")}"));
    }

    /// <summary>What came of a kill.</summary>
    private sealed record Takeover(TimeSpan SinceTold, TimeSpan SinceBeat, TimeSpan SinceKill, TimeSpan Late, int FalseLosses, bool IsAccounted)
    {
        public static Takeover Of(RunRecord record, string victim, TimeSpan killed, long asked)
        {
            var lost = record.Events.OfType<TimelineEvent.WorkerLost>().ToList();
            var first = lost.First(l => l.Worker == victim);
            var over = record.Events.OfType<TimelineEvent.ShareTakenOver>().First(t => t.From == victim);
            var told = record.Generator.Where(g => g.Worker == victim).Max(g => g.At);
            var late = record.Intervals.Where(i => i.Share == over.Share && i.Second >= (int)over.At.TotalSeconds).Select(i => i.Lateness.Percentile(99)).DefaultIfEmpty().Max();
            var sums = BenchRun.Sums(record);
            return new(over.At - told, over.At - (first.At - first.Silence), over.At - killed, late, lost.Count(l => l.Worker != victim), (asked, asked) == (sums.Asked, sums.Sent + sums.NotSent));
        }

        public override string ToString() => FormattableString.Invariant(
            $"since-told={SinceTold.TotalSeconds:F3} since-beat={SinceBeat.TotalSeconds:F3} since-kill={SinceKill.TotalSeconds:F3} late-p99-ms={Late.TotalMilliseconds:F1} false-losses={FalseLosses} accounted={IsAccounted}");
    }
}
