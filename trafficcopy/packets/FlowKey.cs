using System.Net;

namespace Pressure.TrafficCopy;

/// <summary>
/// What tells TCP connections apart on the wire, as the sender of a segment sees it. IPv4 addresses are mapped into IPv6. What of two connections
/// with the same key, one after the other, belongs to which is told by the reassembler (epoch).
/// </summary>
/// <param name="FromHigh">First half of the sender's address.</param>
/// <param name="FromLow">Second half of the sender's address.</param>
/// <param name="ToHigh">First half of the receiver's address.</param>
/// <param name="ToLow">Second half of the receiver's address.</param>
/// <param name="Ports">The sender's port in the upper 16 bits, the receiver's in the lower.</param>
/// <param name="Network">VLANs and virtual network (VXLAN, GRE key), folded into one number; 0 for none.</param>
public readonly record struct FlowKey(ulong FromHigh, ulong FromLow, ulong ToHigh, ulong ToLow, uint Ports, ulong Network)
{
    /// <summary>The sender's port.</summary>
    public int FromPort => (int)(Ports >> 16);

    /// <summary>The receiver's port.</summary>
    public int ToPort => (int)(Ports & 0xFFFF);

    /// <summary>The other direction's key.</summary>
    public FlowKey Reversed => new(ToHigh, ToLow, FromHigh, FromLow, (Ports << 16) | (Ports >> 16), Network);

    /// <summary>The sender.</summary>
    public IPEndPoint From => new(AddressOf(FromHigh, FromLow), FromPort);

    /// <summary>The receiver.</summary>
    public IPEndPoint To => new(AddressOf(ToHigh, ToLow), ToPort);

    /// <summary>Sender and receiver. What a record would write by itself has the other direction's key in it, which has this one's, without end.</summary>
    public override string ToString() => Network == 0 ? $"{From} > {To}" : $"{From} > {To} in network {Network:X}";

    private static IPAddress AddressOf(ulong high, ulong low)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
