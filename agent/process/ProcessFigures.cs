using System.IO.Enumeration;
using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Samples watched processes.</summary>
/// <param name="files">Reads the kernel's files.</param>
/// <param name="proc">Where the proc file system is mounted.</param>
/// <param name="time">Measures what has really passed.</param>
/// <param name="gcRates">A process's memory since the last call, by its id; null if nobody listens.</param>
internal sealed class ProcessFigures(KernelFiles files, string proc, TimeProvider time, Func<int, GcRates?>? gcRates)
{
    private const int TicksPerSecondName = 2;

    private static readonly double TicksPerSecond = Math.Max(1, (double)Libc.SystemLimit(TicksPerSecondName));

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0 };

    /// <summary>Since Linux 6.2 the size of the folder of descriptors is their number; before, it is 0 and they are counted one by one.</summary>
    private readonly bool _sizeIsCount = Libc.Size(proc + "/self/fd") is > 0 and < 4096;

    /// <summary>A sample since the last call; null when there is nothing to compare with yet, or the process is gone.</summary>
    public ProcessSample? Sample(SeenProcess process)
    {
        var at = time.GetTimestamp();
        if (process.Watched is not { } watched || !process.IsPublished || ProcessStat.Parse(files.Read(process.StatFile), process.Command) is not { } now)
            return null;
        if (now.Start != process.Start || now.Command != process.Command)
        {
            ProcessTable.LookAgain(process);
            return null;
        }
        var before = process.Before;
        var elapsed = before is null ? default : time.GetElapsedTime(before.Value.At, at);
        if (before is not null && elapsed <= TimeSpan.Zero)
            return null;
        process.Before = (at, now.CpuTicks);
        if (before is null)
            return null;
        return new ProcessSample
        {
            Pid = process.Pid,
            Name = watched.Name,
            Container = watched.Container,
            Service = watched.Service,
            Cpu = KernelText.Passed(now.CpuTicks, before.Value.Ticks) / TicksPerSecond / elapsed.TotalSeconds,
            Rss = (long)Math.Min(now.RssPages, (ulong)(long.MaxValue / Environment.SystemPageSize)) * Environment.SystemPageSize,
            Threads = now.Threads,
            Descriptors = Descriptors(process.DescriptorFolder),
            Gc = watched.Runtime is null ? null : gcRates?.Invoke(process.Pid),
        };
    }

    private int? Descriptors(string folder)
    {
        if (_sizeIsCount)
            return Libc.Size(folder) is >= 0 and <= int.MaxValue and var size ? (int)size : null;
        try
        {
            return new FileSystemEnumerable<bool>(folder, (ref FileSystemEntry _) => true, Everything).Count();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
