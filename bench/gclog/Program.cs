using System.Diagnostics;
using Pressure.Agent;
using Pressure.Bench.GcLog;

// Writes a GC log, or reads one as the agent does and prints what that took, one line of key=value.
switch (args)
{
    case ["write", var form, var megabytes, var path]:
        SampleLog.Write(form, long.Parse(megabytes) << 20, path);
        return 0;
    case ["read", var path]:
        Read(path);
        return 0;
    default:
        Console.Error.WriteLine("usage: Pressure.Bench.GcLog write g1|cms MEGABYTES FILE\n       Pressure.Bench.GcLog read FILE");
        return 2;
}

static void Read(string path)
{
    const int BufferSize = 64 * 1024;
    var events = 0L;
    var paused = TimeSpan.Zero;
    var reader = new GcLogReader(e =>
    {
        events++;
        paused += e.Pause;
    });
    var buffer = new byte[BufferSize];
    using var file = File.OpenHandle(path);
    var allocated = GC.GetTotalAllocatedBytes();
    var watch = Stopwatch.StartNew();
    var bytes = 0L;
    while (RandomAccess.Read(file, buffer, bytes) is > 0 and var read)
    {
        reader.Read(buffer.AsSpan(0, read));
        bytes += read;
    }

    reader.End();
    watch.Stop();
    allocated = GC.GetTotalAllocatedBytes() - allocated;
    Console.WriteLine(
        $"bytes={bytes} lines={reader.Lines} events={events} pausedSeconds={paused.TotalSeconds:0.000} unknown={reader.Unknown} collector={reader.Collector} "
        + $"seconds={watch.Elapsed.TotalSeconds:0.000} megabytesPerSecond={bytes / 1048576.0 / watch.Elapsed.TotalSeconds:0} allocatedBytes={allocated} "
        + $"cpuSeconds={Environment.CpuUsage.TotalTime.TotalSeconds:0.000} peakMegabytes={Process.GetCurrentProcess().PeakWorkingSet64 >> 20}");
}
