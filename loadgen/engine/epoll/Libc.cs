using System.Net.Sockets;
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
    private const int PendingErrorOption = 4;
    private const int NoSignal = 0x4000;
    private const int TryAgain = 11;

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

    // Neither call below ever waits (the sockets do not block), so the runtime need not be told that the thread is away.
    [LibraryImport("libc", EntryPoint = "recv")]
    [SuppressGCTransition]
    private static partial nint Receive(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    [SuppressGCTransition]
    private static partial nint Send(int descriptor, byte* bytes, nint length, int flags);

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
        return GetSocketOption(descriptor, SocketLevel, PendingErrorOption, &error, &length) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    /// <summary>
    /// Reads what a non-blocking socket has; <see cref="System.Net.Sockets.Socket"/> does the same at three times the cost: it counts its
    /// handle's users up and down, and tells the runtime.
    /// </summary>
    internal static int Receive(int descriptor, Span<byte> buffer, out SocketError error)
    {
        fixed (byte* start = buffer)
            return Settle(Receive(descriptor, start, buffer.Length, flags: 0), out error);
    }

    /// <summary>Writes what a non-blocking socket takes.</summary>
    internal static int Send(int descriptor, ReadOnlySpan<byte> bytes, out SocketError error)
    {
        fixed (byte* start = bytes)
            return Settle(Send(descriptor, start, bytes.Length, NoSignal), out error);
    }

    private static int Settle(nint count, out SocketError error)
    {
        if (count >= 0)
        {
            error = SocketError.Success;
            return (int)count;
        }

        error = Marshal.GetLastSystemError() == TryAgain ? SocketError.WouldBlock : SocketError.ConnectionReset;
        return 0;
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
