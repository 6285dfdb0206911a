using System.Diagnostics;
using System.Globalization;

namespace Pressure.Collector;

/// <summary>
/// A process that collects garbage when told to, a command a line on its input, an answer a line on its output; the end of the input ends it.
/// <code>
/// collect N G           N blocking collections of generation G, with some garbage before each
/// background            a background collection, with younger ones while it goes on; ends when it has ended
/// churn MB              allocates and lets the runtime collect when it sees fit
/// large MB              the same with arrays of 1 MB
/// keep MB               holds on to this much more
/// work PER_SECOND S     a fixed piece of work in between collections, for S seconds
/// exit                  ends at once, with collections just before
/// </code>
/// The answer is what the runtime itself says: collections by generation (each counts in those below), pause in all in ms, bytes allocated,
/// bytes of the heap after the last collection and those taken from the system, what the command gave, and the processor time used in ms.
/// </summary>
internal static class Program
{
    private static readonly List<object> Kept = [];
    private static object? _garbage;

    private static void Main()
    {
        Answer(0);
        while (Console.ReadLine() is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            int Number(int index) => int.Parse(words[index], CultureInfo.InvariantCulture);
            switch (words[0])
            {
                case "collect":
                    Collect(Number(1), Number(2));
                    Answer(0);
                    break;
                case "background":
                    Background();
                    Answer(0);
                    break;
                case "churn":
                    Churn(Number(1) * 1024L * 1024, 1000);
                    Answer(0);
                    break;
                case "large":
                    Churn(Number(1) * 1024L * 1024, 1024 * 1024);
                    Answer(0);
                    break;
                case "keep":
                    for (var i = 0; i < Number(1) * 1024; i++)
                        Kept.Add(new byte[1000]);
                    Answer(0);
                    break;
                case "work":
                    Answer(Work(Number(1), TimeSpan.FromSeconds(Number(2))));
                    break;
                case "exit":
                    Collect(20, 1);
                    Answer(0);
                    return;
                default:
                    Answer(-1);
                    break;
            }
        }
    }

    private static void Collect(int count, int generation)
    {
        for (var i = 0; i < count; i++)
        {
            Churn(50_000, 500);
            GC.Collect(generation, GCCollectionMode.Forced, blocking: true);
        }
    }

    private static void Background()
    {
        var before = GC.GetGCMemoryInfo(GCKind.Background).Index;
        GC.Collect(2, GCCollectionMode.Forced, blocking: false);
        // It may have ended already; without one (no concurrent collector) the loop still ends.
        for (var i = 0; i < 200 && GC.GetGCMemoryInfo(GCKind.Background).Index == before; i++)
            Collect(1, i % 2);
    }

    private static void Churn(long bytes, int size)
    {
        for (var left = bytes; left > 0; left -= size)
            _garbage = new byte[size];
    }

    // Whole pieces of the same work done in the time, allocations included: what a listener would slow down.
    private static long Work(int collectionsPerSecond, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        long pieces = 0, collected = 0;
        var sum = 0ul;
        for (; ; )
        {
            var elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed >= time)
                break;
            for (; collected < elapsed.TotalSeconds * collectionsPerSecond; collected++)
                GC.Collect(collected % 10 == 0 ? 1 : 0, GCCollectionMode.Forced, blocking: true);
            for (var i = 0; i < 20_000; i++)
                sum = (sum * 6364136223846793005) + 1442695040888963407;
            Churn(4000, 200);
            pieces++;
        }
        _garbage = sum;
        return pieces;
    }

    private static void Answer(long given)
    {
        var info = GC.GetGCMemoryInfo(GCKind.Any);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{GC.CollectionCount(0)} {GC.CollectionCount(1)} {GC.CollectionCount(2)} {GC.GetTotalPauseDuration().TotalMilliseconds:R} {GC.GetTotalAllocatedBytes(precise: true)} {info.HeapSizeBytes} {info.TotalCommittedBytes} {given} {Environment.CpuUsage.TotalTime.TotalMilliseconds:R}"));
    }
}
