using System.Runtime.InteropServices;
using System.Text;

namespace Pressure.Faults;

/// <summary>System calls that resource faults need and .NET lacks. Numbers are the same on x64 and arm64.</summary>
internal static unsafe partial class KernelCalls
{
    internal const int SigContinue = 18, SigStop = 19;

    private const nint PidfdSendSignal = 424, PidfdOpen = 434, OpenAt2 = 437;
    private const int CurrentFolder = -100;
    private const uint InodeMask = 0x100, BlocksMask = 0x400;
    private const int StatxBytes = 256, InodeAt = 32, BlocksAt = 48, MajorAt = 136, MinorAt = 140;
    private const int OpenPath = 0x200000, OpenFolder = 0x10000, CloseOnExec = 0x80000;
    private const ulong ResolveInRoot = 0x10, ResolveNoMagicLinks = 0x02;
    private const short PollIn = 1;
    private const int ClockOfThread = 3;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    /// <summary>Ends this process at once, without a word to anybody.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    internal static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Clock(int clock, TimeSpec* time);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Seen;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct HowToOpen
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary>A descriptor of a process; negative if there is none.</summary>
    internal static int OpenProcess(int pid) => (int)Call(PidfdOpen, pid, 0, 0, 0);

    /// <summary>Sends a signal through a process's descriptor: never to a later one with the same id. False if it has ended.</summary>
    internal static bool Signal(int process, int signal) => Call(PidfdSendSignal, process, signal, 0, 0) == 0;

    /// <summary>Waits until a process has ended; false if it has not by then. A negative descriptor just waits.</summary>
    internal static bool Ended(int process, TimeSpan patience)
    {
        var entry = new PollEntry { Descriptor = process, Events = PollIn };
        return Poll(&entry, 1, (int)patience.TotalMilliseconds) > 0;
    }

    /// <summary>A file's inode number: what tells a folder from a later one by the same name. Null if there is none.</summary>
    internal static long? Inode(string path)
    {
        var result = stackalloc byte[StatxBytes];
        return Statx(CurrentFolder, path, 0, InodeMask, result) == 0 ? *(long*)(result + InodeAt) : null;
    }

    /// <summary>Bytes that a file takes on its disk; 0 if there is none.</summary>
    internal static long BytesOnDisk(string path)
    {
        var result = stackalloc byte[StatxBytes];
        return Statx(CurrentFolder, path, 0, BlocksMask, result) == 0 ? *(long*)(result + BlocksAt) * 512 : 0;
    }

    /// <summary>The device that a file lies on; null if there is no such file.</summary>
    internal static (uint Major, uint Minor)? Device(string path)
    {
        var result = stackalloc byte[StatxBytes];
        return Statx(CurrentFolder, path, 0, InodeMask, result) == 0 ? (*(uint*)(result + MajorAt), *(uint*)(result + MinorAt)) : null;
    }

    /// <summary>
    /// Opens a folder below another one as if that were the root: no link on the way, whoever made it, leads out of it. Negative if that is not possible.
    /// </summary>
    internal static int OpenInside(string root, string path)
    {
        fixed (byte* rootText = Encoding.UTF8.GetBytes(root + "\0"), pathText = Encoding.UTF8.GetBytes(path + "\0"))
        {
            var how = new HowToOpen { Flags = OpenPath | OpenFolder | CloseOnExec };
            var outer = (int)Call(OpenAt2, CurrentFolder, (nint)rootText, (nint)(&how), sizeof(HowToOpen));
            if (outer < 0)
                return outer;
            how.Resolve = ResolveInRoot | ResolveNoMagicLinks;
            var inner = (int)Call(OpenAt2, outer, (nint)pathText, (nint)(&how), sizeof(HowToOpen));
            _ = Close(outer);
            return inner;
        }
    }

    /// <summary>CPU time of this thread.</summary>
    internal static TimeSpan CpuOfThread()
    {
        TimeSpec time;
        _ = Clock(ClockOfThread, &time);
        return new TimeSpan((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick));
    }
}
