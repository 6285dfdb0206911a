using System.Buffers.Binary;

namespace Pressure.TrafficCopy;

/// <summary>Writes pcapng: one section, one interface (Ethernet, nanoseconds), and packets.</summary>
internal sealed class PcapngWriter(Stream to)
{
    private readonly byte[] _block = new byte[32];

    /// <summary>Writes what stands before the packets.</summary>
    public void Begin()
    {
        Span<byte> section = stackalloc byte[28];
        Write32(section, 0, 0x0A0D0D0A, 28, 0x1A2B3C4D);
        BinaryPrimitives.WriteUInt16LittleEndian(section[12..], 1);
        BinaryPrimitives.WriteInt64LittleEndian(section[16..], -1);
        BinaryPrimitives.WriteUInt32LittleEndian(section[24..], 28);
        to.Write(section);

        Span<byte> description = stackalloc byte[32];
        description.Clear();
        Write32(description, 0, 1, 32);
        BinaryPrimitives.WriteUInt16LittleEndian(description[8..], (ushort)LinkType.Ethernet);
        // Option 9, one byte: times count in 10^-9 seconds. Then the end of options.
        BinaryPrimitives.WriteUInt16LittleEndian(description[16..], 9);
        BinaryPrimitives.WriteUInt16LittleEndian(description[18..], 1);
        description[20] = 9;
        BinaryPrimitives.WriteUInt32LittleEndian(description[28..], 32);
        to.Write(description);
    }

    /// <summary>Writes a packet.</summary>
    public void Packet(long at, ReadOnlySpan<byte> packet)
    {
        var padded = (packet.Length + 3) & ~3;
        var length = (uint)(32 + padded);
        Write32(_block, 0, 6, length, 0, (uint)(at >> 32), (uint)at, (uint)packet.Length, (uint)packet.Length);
        to.Write(_block.AsSpan(0, 28));
        to.Write(packet);
        BinaryPrimitives.WriteUInt32LittleEndian(_block, 0);
        to.Write(_block.AsSpan(0, padded - packet.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(_block, length);
        to.Write(_block.AsSpan(0, 4));
    }

    private static void Write32(Span<byte> block, int at, params ReadOnlySpan<uint> values)
    {
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block[at..], value);
            at += 4;
        }
    }
}
