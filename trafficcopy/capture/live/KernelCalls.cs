using System.Runtime.InteropServices;

namespace Pressure.TrafficCopy;

/// <summary>What capturing needs of the system besides libpcap.</summary>
internal static partial class KernelCalls
{
    private const int ThreadProcessorTime = 3;
    private const short Readable = 1;

    /// <summary>Waits until there is something to read, at most that long.</summary>
    public static unsafe void WaitForInput(int descriptor, int milliseconds)
    {
        var asked = new Poll { Descriptor = descriptor, Events = Readable };
        // A signal ends it early, which does no harm.
        _ = PollOf(&asked, 1, milliseconds);
    }

    /// <summary>Processor time that this thread has taken, in nanoseconds.</summary>
    public static unsafe long ThreadTime()
    {
        Time time;
        return ClockOf(ThreadProcessorTime, &time) == 0 ? time.Seconds * 1_000_000_000L + time.Nanoseconds : 0;
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int PollOf(Poll* descriptors, ulong count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int ClockOf(int clock, Time* time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
