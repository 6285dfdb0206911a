using System.Globalization;

namespace Pressure.Bench.GcLog;

/// <summary>Writes logs in the forms of JDK 17's G1 with all details and of JDK 8's CMS: the same collections with other figures, over and over.</summary>
internal static class SampleLog
{
    public static void Write(string form, long bytes, string path)
    {
        using var log = new StreamWriter(path, append: false, bufferSize: 1 << 20, encoding: null);
        for (var n = 0; log.BaseStream.Position < bytes; n++)
        {
            if (form == "cms")
                WriteCms(log, n);
            else
                WriteG1(log, n);
        }
    }

    private static void WriteG1(StreamWriter log, int n)
    {
        var begin = 0.1 + n * 0.25;
        var pause = 1 + n % 97 * 0.137;
        var before = 60 + n % 40;
        if (n == 0)
            Line("gc", "Using G1");
        var name = n % 50 == 0 ? "Pause Young (Concurrent Start) (GCLocker Initiated GC)" : "Pause Young (Normal) (G1 Evacuation Pause)";
        Line("gc,start    ", $"GC({n}) {name}");
        Line("gc,task     ", $"GC({n}) Using 2 workers of 2 for evacuation");
        begin += pause / 1000;
        foreach (var phase in (string[])["Pre Evacuate Collection Set", "Merge Heap Roots", "Evacuate Collection Set", "Post Evacuate Collection Set", "Other"])
            Line("gc,phases   ", $"GC({n})   {phase}: {pause / 5:0.00}ms");
        foreach (var kind in (string[])["Eden", "Survivor", "Old", "Archive", "Humongous"])
            Line("gc,heap     ", $"GC({n}) {kind} regions: {before % 30}->{before % 7}(25)");
        Line("gc,metaspace", $"GC({n}) Metaspace: 2100K(2304K)->2100K(2304K) NonClass: 1873K(1984K)->1873K(1984K) Class: 227K(320K)->227K(320K)");
        Line("gc          ", $"GC({n}) {name} {before}M->{before - 20}M(128M) {pause:0.000}ms");
        Line("gc,cpu      ", $"GC({n}) User=0.01s Sys=0.00s Real=0.00s");
        if (n % 50 == 0)
            Line("gc          ", $"GC({n}) Concurrent Mark Cycle {pause * 7:0.000}ms");

        void Line(string tags, string message) => log.Write(string.Create(
            CultureInfo.InvariantCulture, $"[{DateTime.UnixEpoch.AddSeconds(1.7e9 + begin):yyyy-MM-dd'T'HH:mm:ss.fff}+0000][{begin:0.000}s][info][{tags}] {message}\n"));
    }

    private static void WriteCms(StreamWriter log, int n)
    {
        var begin = 0.1 + n * 0.25;
        var stamp = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UnixEpoch.AddSeconds(1.7e9 + begin):yyyy-MM-dd'T'HH:mm:ss.fff}+0800: {begin:0.000}: ");
        var pause = (0.001 + n % 97 * 0.000137).ToString("0.0000000", CultureInfo.InvariantCulture);
        if (n % 20 == 19)
            log.Write($"{stamp}[GC (Allocation Failure) {stamp}[ParNew: 157245K->157245K(157248K), 0.0000210 secs]{stamp}[CMS{stamp}[CMS-concurrent-mark: 0.002/0.122 secs] [Times: user=0.55 sys=0.04, real=0.12 secs]\n"
                + $" (concurrent mode failure): 313542K->257710K(349568K), {pause} secs] 470787K->257710K(506816K), [Metaspace: 2706K->2706K(1056768K)], {pause} secs] [Times: user=0.50 sys=0.00, real=0.50 secs]\n");
        else
            log.Write($"{stamp}[GC (Allocation Failure) {stamp}[ParNew: 139776K->17472K(157248K), {pause} secs] 430830K->{308000 + n % 9000}K(506816K), {pause} secs] [Times: user=0.05 sys=0.01, real=0.01 secs]\n");
        log.Write($"{stamp}Total time for which application threads were stopped: {pause} seconds, Stopping threads took: 0.0000410 seconds\n");
    }
}
