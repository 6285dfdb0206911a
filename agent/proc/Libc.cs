using System.Runtime.InteropServices;

namespace Pressure.Agent;

/// <summary>The few system calls for which .NET throws exceptions, allocates or has nothing.</summary>
internal static unsafe partial class Libc
{
    internal const int Interrupted = 4;

    private const int ReadOnly = 0, NonBlocking = 0x800, CloseOnExec = 0x80000;
    private const int CurrentFolder = -100;
    private const uint SizeMask = 0x200;
    private const int StatxBytes = 256, StatxSizeAt = 40;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc", EntryPoint = "sysconf")]
    internal static partial nint SystemLimit(int name);

    [LibraryImport("libc", EntryPoint = "socket")]
    internal static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send")]
    internal static partial nint Send(int descriptor, byte* bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    internal static partial nint Receive(int descriptor, byte* buffer, nint length, int flags);

    /// <summary>Opens a file to read, without waiting; negative if that is not possible.</summary>
    internal static int Open(string path) => Open(path, ReadOnly | NonBlocking | CloseOnExec);

    /// <summary>Reads on; 0 at the end, negative if that is not possible.</summary>
    internal static int Read(int descriptor, Span<byte> into)
    {
        fixed (byte* buffer = into)
        {
            nint count;
            do
                count = Read(descriptor, buffer, into.Length);
            while (count < 0 && Marshal.GetLastPInvokeError() == Interrupted);
            return (int)count;
        }
    }

    /// <summary>What the file system says is a file's size; negative if it says nothing.</summary>
    internal static long Size(string path)
    {
        var result = stackalloc byte[StatxBytes];
        return Statx(CurrentFolder, path, 0, SizeMask, result) == 0 ? *(long*)(result + StatxSizeAt) : -1;
    }
}
