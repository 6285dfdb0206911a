using System.Runtime.InteropServices;

namespace Pressure.Faults;

/// <summary>The few system calls for which .NET has nothing.</summary>
internal static unsafe partial class Posix
{
    internal const int Again = 11, AccessDenied = 13, NoSuchProcess = 3;
    internal const int SigKill = 9, SigHangup = 1;

    private const int TestLock = 36, SetLock = 37;
    private const short WriteLock = 1, Unlocked = 2;
    private const int BootTime = 7;
    private const int ReadOnly = 0, ReadWrite = 2, Folder = 0x10000, CloseOnExec = 0x80000;

    [StructLayout(LayoutKind.Sequential)]
    private struct LockRange
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, LockRange* range);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int descriptor, int as_);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Clock(int clock, TimeSpec* time);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Signal(int process, int signal);

    /// <summary>Makes this process the first of a session of its own: signals of the terminal's group do not reach it any more.</summary>
    [LibraryImport("libc", EntryPoint = "setsid")]
    internal static partial int NewSession();

    /// <summary>
    /// Takes the lock of an open file, which goes with the last descriptor of this opening, however the process ends; 0, or the error.
    /// </summary>
    /// <remarks>Of the open file description and not of the process, so that two openings in one process exclude each other too.</remarks>
    internal static int TryLock(int descriptor)
    {
        var range = new LockRange { Type = WriteLock };
        return Control(descriptor, SetLock, &range) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>Gives the lock of an open file back, whoever else has a descriptor of this opening.</summary>
    internal static void Unlock(int descriptor)
    {
        var range = new LockRange { Type = Unlocked };
        _ = Control(descriptor, SetLock, &range);
    }

    /// <summary>Whether somebody else holds the lock of an open file.</summary>
    internal static bool IsLocked(int descriptor)
    {
        var range = new LockRange { Type = WriteLock };
        return Control(descriptor, TestLock, &range) == 0 && range.Type != Unlocked;
    }

    /// <summary>Puts a folder's entries on disk; 0, or the error.</summary>
    internal static int SyncFolder(string path)
    {
        var descriptor = Open(path, ReadOnly | Folder | CloseOnExec);
        if (descriptor < 0)
            return Marshal.GetLastPInvokeError();
        var error = Sync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        return error;
    }

    /// <summary>Time since boot, sleep included.</summary>
    internal static TimeSpan SinceBoot()
    {
        TimeSpec time;
        return Clock(BootTime, &time) == 0
            ? new TimeSpan((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick))
            : throw new InvalidOperationException("This system has no clock that counts from its boot.");
    }

    /// <summary>Lets standard input, output and error lead nowhere, so that nobody waits for their end.</summary>
    internal static void LeaveTerminal()
    {
        var nowhere = Open("/dev/null", ReadWrite);
        for (var standard = 0; standard <= 2 && nowhere >= 0; standard++)
            _ = Duplicate(nowhere, standard);
        if (nowhere > 2)
            _ = Close(nowhere);
    }
}
