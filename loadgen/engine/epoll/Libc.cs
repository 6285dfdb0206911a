using System.Runtime.InteropServices;

namespace Pressure.LoadGen.Engine;

/// <summary>The few system calls that .NET does not offer without a thread pool or exceptions in between.</summary>
internal static unsafe partial class Libc
{
    internal const int NotImplemented = 38;
    internal const int Interrupted = 4;
    internal const int InProgress = 115;

    private const int TimerSlackOption = 29;
    private const int OpenFilesLimit = 7;
    private const int SocketLevel = 1;
    private const int SocketError = 4;

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    internal static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static partial int EpollControl(int epoll, int operation, int descriptor, byte* epollEvent);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    internal static partial int EpollWait(int epoll, byte* events, int capacity, int milliseconds);

    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    internal static partial int EpollWaitNanoseconds(int epoll, byte* events, int capacity, TimeSpec* timeout, nint signals);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(int descriptor, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetSocketOption(int descriptor, int level, int name, int* value, uint* length);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, Limit* limit);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ControlProcess(int option, ulong value);

    /// <summary>Wakes this thread when its timeouts are over, not up to 50 us later to save wake-ups.</summary>
    internal static void WakeExactly() => _ = ControlProcess(TimerSlackOption, 1);

    /// <summary>Begins to connect; the errno, 0 when connected at once, <see cref="InProgress"/> when under way.</summary>
    internal static int BeginConnect(int descriptor, ReadOnlySpan<byte> address)
    {
        fixed (byte* start = address)
            return Connect(descriptor, start, (uint)address.Length) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>The errno pending on a socket (SO_ERROR): how a non-blocking connect came out.</summary>
    internal static int PendingError(int descriptor)
    {
        int error;
        uint length = sizeof(int);
        return GetSocketOption(descriptor, SocketLevel, SocketError, &error, &length) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    /// <summary>How many files this process may have open.</summary>
    internal static long OpenFileLimit()
    {
        Limit limit;
        return GetLimit(OpenFilesLimit, &limit) == 0 ? (long)Math.Min(limit.Soft, int.MaxValue) : 1024;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
