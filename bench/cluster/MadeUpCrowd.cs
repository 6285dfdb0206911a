using System.Diagnostics;
using Pressure.Record;

namespace Pressure.Bench.Cluster;

/// <summary>The coordinator of a run over many made-up workers, and these, each side in a process of its own.</summary>
internal static class MadeUpCrowd
{
    private const int Connections = 4;
    private const int Different = 16;

    /// <summary>Plays workers for one run.</summary>
    public static async Task WorkAsync(string broker, int workers, int timesEach)
    {
        var buses = await Task.WhenAll(Enumerable.Range(0, Connections).Select(i => BenchRun.ConnectAsync(broker, $"workers {i}")));
        // Made beforehand, so that making them up takes nothing from those who are measured.
        var made = new MadeUpSeconds(seed: 2, BenchRun.Requests, timesEach);
        var seconds = Enumerable.Range(0, Different).Select(i => made.Make(i, 0)).ToList();
        var crowd = Enumerable.Range(0, workers).Select(i => new MadeUpWorker(buses[i % Connections], $"made-up-{i:000}", seconds)).ToList();
        await Task.WhenAll(crowd.Select(w => w.RunAsync()));
        Console.WriteLine($"told={crowd.Sum(w => w.Told)} interruptions={buses.Sum(b => b.Counts.Interruptions)}");
        foreach (var bus in buses)
            await bus.DisposeAsync();
    }

    /// <summary>Makes a run of them; prints what that took of a core while it went on.</summary>
    public static async Task LeadAsync(string broker, int workers, int seconds, int timesEach, string folder)
    {
        await using var bus = await BenchRun.ConnectAsync(broker, "coordinator");
        var plan = BenchRun.Plan("http://127.0.0.1:9", $"rate: {workers * timesEach}/s, duration: {seconds}s", $"count: {workers}", BenchRun.Requests);
        var run = await BenchRun.StartAsync(bus, plan, folder);
        using var process = Process.GetCurrentProcess();
        await BenchRun.UntilAsync(run, TimeSpan.FromSeconds(1));
        var (before, watch) = (Processor(process), Stopwatch.StartNew());
        await BenchRun.UntilAsync(run, TimeSpan.FromSeconds(seconds + 1));
        var (share, memory) = ((Processor(process) - before) / watch.Elapsed, process.PeakWorkingSet64 >> 20);
        await run.Completion;
        var record = RunFolder.Read(folder);
        var kept = record.Intervals.Select(i => (i.Share, i.Second)).ToList();
        var (asked, sent, _) = BenchRun.Sums(record);
        Console.WriteLine(
            $"workers={workers} seconds={seconds} kept={kept.Count} lost={(workers * seconds) - kept.Distinct().Count()} doubled={kept.Count - kept.Distinct().Count()} lost-workers={record.Events.OfType<TimelineEvent.WorkerLost>().Count()} asked={asked} sent={sent} core-share={share:F3} peakMB={memory}");
    }

    private static TimeSpan Processor(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }
}
