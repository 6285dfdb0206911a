using System.Globalization;

namespace Pressure.Bench;

/// <summary>What this process holds, in bytes: of the managed heap after a collection, and of anonymous memory as the kernel counts it.</summary>
internal readonly record struct MemoryOfNow(long Heap, long Anonymous, int Connections)
{
    public static MemoryOfNow Measure(int connections)
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        // The collector gives back what it does not need.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
        var kilobytes = long.Parse(line.AsSpan("RssAnon:".Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture);
        return new(heap, kilobytes * 1024, connections);
    }
}
