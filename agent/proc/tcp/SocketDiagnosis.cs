using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Pressure.Agent;

/// <summary>
/// Counts TCP sockets by state, by asking the kernel over netlink (<c>sock_diag</c>). It leaves out what is established or in TIME_WAIT before it
/// tells of a socket, and there it has counters of its own; so fifty thousand connections cost no more than walking its table. Reading
/// <c>/proc/net/tcp</c> takes twenty times as long where there are no connections, and writes a line for each where there are.
/// </summary>
internal static unsafe class SocketDiagnosis
{
    /// <summary>States as the kernel numbers them.</summary>
    internal const int States = 13, SynReceived = 3, CloseWait = 8;

    private const int Netlink = 16, Raw = 3, CloseOnExec = 0x80000, SocketDiag = 4, DontWait = 0x40;
    private const int HeaderBytes = 16, RequestBytes = HeaderBytes + 56, StateAt = HeaderBytes + 1;
    private const ushort ByFamily = 20, RequestDump = 0x301, Done = 3, Error = 2;
    private const byte Tcp = 6;
    private const uint Wanted = 0x1FFE & ~((1u << 1) | (1u << 6));

    /// <summary>The kernel fills at most half of it with one answer.</summary>
    private const int BufferBytes = 32 * 1024;

    private static readonly byte[] Families = [2, 10];

    /// <summary>Sockets of the own network namespace by the kernel's number of their state; null if the kernel does not answer.</summary>
    public static int[]? Count()
    {
        var socket = Libc.Socket(Netlink, Raw | CloseOnExec, SocketDiag);
        if (socket < 0)
            return null;
        try
        {
            var counts = new int[States];
            foreach (var family in Families)
            {
                if (!Ask(socket, family) || !Take(socket, counts))
                    return null;
            }
            return counts;
        }
        finally
        {
            _ = Libc.Close(socket);
        }
    }

    private static bool Ask(int socket, byte family)
    {
        Span<byte> request = stackalloc byte[RequestBytes];
        request.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(request, RequestBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(request[4..], ByFamily);
        BinaryPrimitives.WriteUInt16LittleEndian(request[6..], RequestDump);
        request[HeaderBytes] = family;
        request[HeaderBytes + 1] = Tcp;
        BinaryPrimitives.WriteUInt32LittleEndian(request[(HeaderBytes + 4)..], Wanted);
        fixed (byte* bytes = request)
            return Libc.Send(socket, bytes, RequestBytes, 0) == RequestBytes;
    }

    private static bool Take(int socket, int[] counts)
    {
        var buffer = stackalloc byte[BufferBytes];
        while (true)
        {
            var length = (int)Libc.Receive(socket, buffer, BufferBytes, DontWait);
            if (length < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted)
                continue;
            if (length <= 0)
                return false;
            if (Count(new ReadOnlySpan<byte>(buffer, length), counts) is { } whole)
                return whole;
        }
    }

    /// <summary>Counts the sockets of one answer; true at the end of all, false if it makes no sense, null if there is more to come.</summary>
    internal static bool? Count(ReadOnlySpan<byte> answer, int[] counts)
    {
        while (answer.Length >= HeaderBytes)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(answer);
            var type = BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]);
            if (length < HeaderBytes || length > answer.Length || type == Error)
                return false;
            if (type == Done)
                return true;
            if (type == ByFamily && length > StateAt && answer[StateAt] < States)
                counts[answer[StateAt]]++;
            answer = answer[Math.Min((length + 3) & ~3, answer.Length)..];
        }
        return null;
    }
}
