using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Pressure.TrafficCopy;

/// <summary>Addresses and ports as bytes: 4 or 16, and 2.</summary>
internal static class AddressBytes
{
    public static bool IsIpv6(IPEndPoint endPoint) => endPoint.AddressFamily == AddressFamily.InterNetworkV6;

    public static void Write(IPEndPoint endPoint, ref EntryWriter writer)
    {
        endPoint.Address.TryWriteBytes(writer.Room(IsIpv6(endPoint) ? 16 : 4), out _);
        BinaryPrimitives.WriteUInt16BigEndian(writer.Room(2), (ushort)endPoint.Port);
    }
}

/// <summary>
/// Makes end points of bytes, the same object for the same bytes where it still knows it: so a reader allocates for a connection at most, not for an
/// exchange. End points once handed out are never changed, since whoever keeps an exchange keeps them.
/// </summary>
/// <param name="slots">How many it may know, a power of two.</param>
internal sealed class AddressCache(int slots = 1 << 14)
{
    private readonly Slot[] _slots = new Slot[slots];

    public IPEndPoint Read(ref EntryReader reader, bool isIpv6)
    {
        var bytes = reader.Bytes(isIpv6 ? 16 : 4);
        var port = BinaryPrimitives.ReadUInt16BigEndian(reader.Bytes(2));
        var high = isIpv6 ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var low = isIpv6 ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) : ulong.MaxValue;
        ref var slot = ref _slots[HashCode.Combine(high, low, port) & (_slots.Length - 1)];
        if (slot.EndPoint is null || slot.High != high || slot.Low != low || slot.Port != port || AddressBytes.IsIpv6(slot.EndPoint) != isIpv6)
            slot = new(high, low, port, new(new IPAddress(bytes), port));
        return slot.EndPoint!;
    }

    private readonly record struct Slot(ulong High, ulong Low, ushort Port, IPEndPoint? EndPoint);
}
