using System.Diagnostics;
using Pressure.Record;

namespace Pressure.Bench.Cluster;

/// <summary>What it takes to make one second of a run out of its workers' seconds.</summary>
internal static class MergeBench
{
    /// <summary>Prints a line a round, of processor time and allocations.</summary>
    public static void Run(int workers, int requests, int timesEach, int rounds)
    {
        var made = new MadeUpSeconds(seed: 1, requests, timesEach);
        var told = Enumerable.Range(0, workers).Select(share => made.Make(share, 0).Encode()).ToList();
        for (var round = 0; round < rounds; round++)
        {
            var (decoding, seconds) = Measure(() => told.ConvertAll(t => Interval.Decode(t)));
            var (merging, merged) = Measure(() => Merge(seconds, requests));
            var counted = merged.Requests.Sum(r => r.ResponseTime.Count);
            Console.WriteLine(
                $"workers={workers} requests={requests} times={timesEach} told-MB={told.Sum(t => t.LongLength) / 1e6:F1} decode-ms={decoding.TotalMilliseconds:F1} merge-ms={merging.TotalMilliseconds:F1} complete={counted == (long)workers * requests * timesEach}");
        }
    }

    private static Interval Merge(List<Interval> seconds, int requests)
    {
        var sum = new Interval(0, 0, requests);
        foreach (var second in seconds)
            sum.Add(second);
        return sum;
    }

    // Processor time: on a busy machine the clock measures the others.
    private static (TimeSpan Processor, T Done) Measure<T>(Func<T> deed)
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var done = deed();
        process.Refresh();
        return (process.TotalProcessorTime - before, done);
    }
}
