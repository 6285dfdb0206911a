using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Pressure.Faults;

/// <summary>
/// Takes away tables of nf_tables that a fault made. <c>iptables</c> makes a table when it is first used and can't take it away again, so this speaks to the
/// kernel (nfnetlink) itself, and asks it to remove only what is empty: rules that somebody puts in at the same moment stay, with their table.
/// </summary>
internal static unsafe partial class NetfilterTables
{
    private const int Netlink = 16, Raw = 3, CloseOnExec = 0x80000, Netfilter = 12, NetworkNamespace = 0x40000000;
    private const ushort Begin = 0x10, End = 0x11, Tables = 10 << 8, DeleteTable = Tables | 2, DeleteChain = Tables | 5;
    private const ushort Request = 1, Acknowledge = 4, OnlyIfEmpty = 0x100, TableName = 1, ChainTable = 1, ChainName = 3;

    /// <summary>Removes a table with the kernel's chains and the mark in it, if nothing else is there.</summary>
    public static void Remove(NetworkPlace place, IpFamily family, string table, IReadOnlyList<string> chains)
    {
        // A thread of its own, since it goes to another network and does not come back.
        var thread = new Thread(() =>
        {
            if (SetNamespace(place.Handle.DangerousGetHandle().ToInt32(), NetworkNamespace) != 0)
                return;
            // One after the other: which of them exist is not told, and an empty one is made again when it is needed.
            foreach (var chain in chains)
                Send(new Batch(family).Chain(table, chain));
            // Mark and table together: a table that stays keeps its mark.
            Send(new Batch(family).Chain(table, PacketFilter.Mark).Table(table));
        });
        thread.Start();
        thread.Join();
    }

    private static void Send(Batch batch)
    {
        var socket = Socket(Netlink, Raw | CloseOnExec, Netfilter);
        if (socket < 0)
            return;
        var bytes = batch.Close();
        fixed (byte* start = bytes)
            _ = Send(socket, start, bytes.Length, 0);
        // The kernel has done it when send returns. What it says is not asked for: whoever looks afterwards sees whether the table is there.
        _ = CloseDescriptor(socket);
    }

    [LibraryImport("libc", EntryPoint = "setns")]
    private static partial int SetNamespace(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "socket")]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint Send(int descriptor, byte* bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);

    /// <summary>Messages that the kernel does all or none of.</summary>
    /// <param name="family">Of which filter.</param>
    private sealed class Batch(IpFamily family)
    {
        private readonly MemoryStream _bytes = Opened();
        private uint _sequence;

        public Batch Chain(string table, string chain) => Message(DeleteChain, (ChainTable, table), (ChainName, chain));

        public Batch Table(string table) => Message(DeleteTable, (TableName, table));

        public byte[] Close()
        {
            Write(_bytes, End, Request, 0, Tables >> 8, ++_sequence, []);
            return _bytes.ToArray();
        }

        private static MemoryStream Opened()
        {
            var bytes = new MemoryStream();
            Write(bytes, Begin, Request, 0, Tables >> 8, 0, []);
            return bytes;
        }

        private Batch Message(ushort type, params ReadOnlySpan<(ushort Type, string Value)> attributes)
        {
            Write(_bytes, type, Request | Acknowledge | OnlyIfEmpty, (byte)(family == IpFamily.V6 ? 10 : 2), 0, ++_sequence, attributes);
            return this;
        }

        // Header: length, type, flags, sequence, port; then family, version, resource (big-endian); then attributes: length, type, text with a zero, filled up to four.
        private static void Write(MemoryStream bytes, ushort type, ushort flags, byte family, ushort resource, uint sequence, ReadOnlySpan<(ushort Type, string Value)> attributes)
        {
            const int HeaderBytes = 20;
            var body = new MemoryStream();
            Span<byte> head = stackalloc byte[HeaderBytes];
            foreach (var (kind, value) in attributes)
            {
                var text = Encoding.ASCII.GetBytes(value + '\0');
                BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)(4 + text.Length));
                BinaryPrimitives.WriteUInt16LittleEndian(head[2..], kind);
                body.Write(head[..4]);
                body.Write(text);
                body.SetLength(body.Position = (body.Length + 3) & ~3L);
            }
            head.Clear();
            BinaryPrimitives.WriteInt32LittleEndian(head, HeaderBytes + (int)body.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(head[4..], type);
            BinaryPrimitives.WriteUInt16LittleEndian(head[6..], flags);
            BinaryPrimitives.WriteUInt32LittleEndian(head[8..], sequence);
            head[16] = family;
            BinaryPrimitives.WriteUInt16BigEndian(head[18..], resource);
            bytes.Write(head);
            body.WriteTo(bytes);
        }
    }
}
