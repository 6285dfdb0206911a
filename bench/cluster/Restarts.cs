using Pressure.Record;

namespace Pressure.Bench.Cluster;

/// <summary>A run of real workers during which somebody else restarts the broker: nothing is lost, and nothing counts twice.</summary>
internal static class Restarts
{
    private const int Rate = 300;

    /// <summary>Prints a line when the load begins, and what came of it.</summary>
    public static async Task RunAsync(int brokerPort, string pressure, string folder, int seconds, IReadOnlyList<Room> rooms)
    {
        await using var bus = await BenchRun.ConnectAsync($"amqp://127.0.0.1:{brokerPort}", "coordinator");
        using var target = new CountingServer();
        var workers = rooms.Select((room, i) => new RealWorker(pressure, room, brokerPort, $"r{i}", Path.Combine(folder, $"r{i}"))).ToList();
        try
        {
            // A lease that is longer than a broker takes to come back.
            var plan = BenchRun.Plan($"http://{rooms[0].Here}:{target.Port}", $"rate: {Rate}/s, duration: {seconds}s", $"count: {workers.Count}, heartbeat: 1s, lease: 3m", requests: 1);
            var run = await BenchRun.StartAsync(bus, plan, Path.Combine(folder, "run"));
            await BenchRun.UntilAsync(run, TimeSpan.Zero);
            Console.WriteLine("pressing");
            await run.Completion;
            var record = RunFolder.Read(run.Folder);
            var own = workers.SelectMany(w => Directory.GetDirectories(w.State, "share-*", SearchOption.AllDirectories)).SelectMany(f => RunFolder.Read(f).Intervals).Select(Text).Order();
            var told = record.Intervals.Select(i => (i.Share, i.Second)).ToList();
            var (asked, sent, notSent) = BenchRun.Sums(record);
            Console.WriteLine(
                $"workers={workers.Count} seconds={seconds} interruptions={bus.Counts.Interruptions} lost={(workers.Count * seconds) - told.Distinct().Count(t => t.Second < seconds)} doubled={told.Count - told.Distinct().Count()} equal-to-own={own.SequenceEqual(record.Intervals.Select(Text).Order())} expected={Rate * seconds} asked={asked} sent={sent} not-sent={notSent} served={target.Count}");
        }
        finally
        {
            workers.ForEach(w => w.Dispose());
        }
    }

    private static string Text(Interval interval) => $"{interval.Share:00} {interval.Second:000} {Convert.ToHexString(interval.Encode())}";
}
