using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pressure.LoadGen.Engine;

/// <summary>What a descriptor is ready for (values of the kernel).</summary>
[Flags]
internal enum Readiness : uint
{
    None = 0,
    Readable = 0x1,
    Writable = 0x4,
    Error = 0x8,
    HungUp = 0x10,
    PeerClosed = 0x2000,
    EdgeTriggered = 1u << 31,

    /// <summary>The other side, or the network, has ended the connection.</summary>
    Ended = Error | HungUp | PeerClosed,
}

/// <summary>
/// An epoll set: tells which sockets are ready, edge-triggered, and wakes to the nanosecond for the next start.
/// Owned by one thread.
/// </summary>
internal sealed unsafe class Epoll : IDisposable
{
    private const int Capacity = 512;
    private const int CloseOnExec = 0x80000;
    private const int OperationAdd = 1;

    // The kernel packs epoll_event on x64 only.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Stride = DataOffset + 8;

    private readonly int _descriptor;
    private readonly byte* _events;
    private bool _coarse;

    /// <summary>Makes an empty set.</summary>
    public Epoll()
    {
        _descriptor = Libc.EpollCreate(CloseOnExec);
        if (_descriptor < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_create1 failed; raise the limit of open files (ulimit -n)");
        _events = (byte*)NativeMemory.Alloc(Capacity, (nuint)Stride);
    }

    /// <summary>Watches a descriptor until it is closed; events carry <paramref name="tag"/>.</summary>
    public void Add(int descriptor, ulong tag)
    {
        var added = stackalloc byte[16];
        const Readiness Watched = Readiness.Readable | Readiness.Writable | Readiness.PeerClosed | Readiness.EdgeTriggered;
        Unsafe.WriteUnaligned(added, (uint)Watched);
        Unsafe.WriteUnaligned(added + DataOffset, tag);
        if (Libc.EpollControl(_descriptor, OperationAdd, descriptor, added) < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_ctl failed");
    }

    /// <summary>Waits for events, at most for <paramref name="timeout"/>; how many there are.</summary>
    public int Wait(TimeSpan timeout)
    {
        var count = _coarse ? WaitMilliseconds(timeout) : WaitNanoseconds(timeout);
        if (count >= 0)
            return count;
        var error = Marshal.GetLastPInvokeError();
        if (error == Libc.Interrupted)
            return 0;
        if (error != Libc.NotImplemented || _coarse)
            throw new Win32Exception(error, "epoll_wait failed");
        _coarse = true;
        return Wait(timeout);
    }

    /// <summary>Event <paramref name="index"/> of the last <see cref="Wait"/>.</summary>
    public (Readiness Readiness, ulong Tag) this[int index]
    {
        get
        {
            var at = _events + index * Stride;
            return ((Readiness)Unsafe.ReadUnaligned<uint>(at), Unsafe.ReadUnaligned<ulong>(at + DataOffset));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Libc.Close(_descriptor);
        NativeMemory.Free(_events);
    }

    private int WaitNanoseconds(TimeSpan timeout)
    {
        var spec = new Libc.TimeSpec
        {
            Seconds = timeout.Ticks / TimeSpan.TicksPerSecond,
            Nanoseconds = timeout.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
        };
        try
        {
            return Libc.EpollWaitNanoseconds(_descriptor, _events, Capacity, &spec, 0);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library older than glibc 2.35.
            _coarse = true;
            return WaitMilliseconds(timeout);
        }
    }

    // Rounded down: waking early costs a turn of the loop, waking late would be a late start.
    private int WaitMilliseconds(TimeSpan timeout) => Libc.EpollWait(_descriptor, _events, Capacity, (int)timeout.TotalMilliseconds);
}
