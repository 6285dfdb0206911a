using System.Diagnostics;
using Pressure.TrafficCopy;

namespace Pressure.Bench.Traffic;

/// <summary>The way from packets into a store, masked as usual, and out of it by time.</summary>
internal static class StoreBench
{
    /// <summary>Makes a store of a capture.</summary>
    public static void Write(string from, string to, bool compress)
    {
        var accounts = new CaptureAccounts();
        var meter = new Meter();
        File.Delete(to);
        using (var writer = new CaptureWriter(to, new() { Compress = compress }))
        {
            var masking = new Masking(MaskRules.Default, writer);
            CaptureSources.Read([from], masking, accounts);
            var info = writer.Complete(new() { Accounts = accounts, MaskedCounts = masking.Counts });
            meter.Print("written", info.Exchanges, new FileInfo(from).Length, $" masked={masking.Counts["values"]} store={new FileInfo(to).Length >> 20}MiB");
        }
    }

    /// <summary>Reads a store by time.</summary>
    public static void Read(string path)
    {
        using var reader = CaptureReader.Open(path);
        var meter = new Meter();
        var (read, bytes, allocated) = (0L, 0L, GC.GetAllocatedBytesForCurrentThread());
        foreach (var exchange in reader.ByTime())
            (read, bytes) = (read + 1, bytes + exchange.Request.Head.Length);
        meter.Print("read", read, new FileInfo(path).Length, $" allocatedB={(GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)Math.Max(1, read):F1}");
    }

    private sealed class Meter
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private readonly TimeSpan _processor = Process.GetCurrentProcess().TotalProcessorTime;

        public void Print(string what, long exchanges, long bytes, string more)
        {
            var process = Process.GetCurrentProcess();
            var (seconds, cpu) = (_watch.Elapsed.TotalSeconds, (process.TotalProcessorTime - _processor).TotalSeconds);
            Console.WriteLine($"{what}={exchanges} exchanges/s={exchanges / seconds:F0} exchanges/cpu-s={exchanges / cpu:F0} MB/s={bytes / 1e6 / seconds:F0} seconds={seconds:F3} cpu={cpu:F3} peakMB={process.PeakWorkingSet64 >> 20}{more}");
        }
    }
}
