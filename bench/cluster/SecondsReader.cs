using System.Diagnostics;
using Pressure.Cluster;
using Pressure.Record;

namespace Pressure.Bench.Cluster;

/// <summary>What a coordinator does with its workers' seconds: takes each apart, appends it to the run folder, adds it to the second of the run, and acknowledges it.</summary>
internal static class SecondsReader
{
    // As a run's coordinator has it.
    private const int Unacknowledged = 64;

    /// <summary>Reads until all have come; prints what that took of a core from the first to the last.</summary>
    public static async Task RunAsync(string broker, int workers, int seconds, string folder)
    {
        await using var bus = await BenchRun.ConnectAsync(broker, "coordinator");
        await using var box = await bus.OpenAsync(MessageKinds.RunMailbox(BenchRun.Id), Unacknowledged);
        using var writer = RunFolder.Create(folder, BenchRun.Manifest(seconds), "bench");
        Console.WriteLine("ready");
        using var process = Process.GetCurrentProcess();
        var (seen, sums, repeated, watch, processor, slowest) = (new HashSet<(int, int)>(), new Dictionary<int, Interval>(), 0, new Stopwatch(), TimeSpan.Zero, TimeSpan.Zero);
        await foreach (var delivery in box.ReadAsync())
        {
            if (!watch.IsRunning)
                (watch, processor) = (Stopwatch.StartNew(), process.TotalProcessorTime);
            var head = MessageBody.Read<ShareSecond>(delivery.Message, out var rest);
            var counts = Interval.Decode(rest.Span);
            if (seen.Add((head.Share, counts.Second)))
                Keep(writer, sums, counts, head, workers);
            else
                repeated++;
            await delivery.AcknowledgeAsync();
            var behind = watch.Elapsed - TimeSpan.FromSeconds(counts.Second + (double)head.Share / workers);
            slowest = behind > slowest ? behind : slowest;
            if (seen.Count == workers * seconds)
                break;
        }
        process.Refresh();
        var (wall, cpu) = (watch.Elapsed.TotalSeconds, (process.TotalProcessorTime - processor).TotalSeconds);
        Console.WriteLine(
            $"workers={workers} seconds={wall:F1} taken={seen.Count} lost={workers * seconds - seen.Count} repeated={repeated} refused={bus.Counts.Refused} core-share={cpu / wall:F3} ms-each={1000 * cpu / seen.Count:F3} slowest-ms={slowest.TotalMilliseconds:F0} peakMB={process.PeakWorkingSet64 >> 20}");
        await bus.RemoveAsync(MessageKinds.RunMailbox(BenchRun.Id));
    }

    private static void Keep(RunWriter writer, Dictionary<int, Interval> sums, Interval counts, ShareSecond head, int workers)
    {
        writer.Append(counts);
        writer.Append(head.Generator with { Worker = head.Worker });
        if (!sums.TryGetValue(counts.Second, out var sum))
            sums[counts.Second] = sum = new(0, counts.Second, BenchRun.Requests);
        sum.Add(counts);
        // As the live view does, which hands on what is older than its patience.
        sums.Remove(counts.Second - 3);
    }
}
