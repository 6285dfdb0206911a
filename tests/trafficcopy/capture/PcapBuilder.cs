using System.Buffers.Binary;

namespace Pressure.TrafficCopy.Tests;

/// <summary>Bytes of a pcap file.</summary>
public sealed class PcapBuilder
{
    private readonly List<byte> _file = [];
    private readonly bool _big;
    private readonly bool _nanoseconds;

    public PcapBuilder(LinkType link = LinkType.Ethernet, bool nanoseconds = true, bool big = false, int snap = 262_144)
    {
        (_big, _nanoseconds) = (big, nanoseconds);
        Write(nanoseconds ? 0xA1B23C4D : 0xA1B2C3D4);
        Write(big ? 0x00020004u : 0x00040002u);
        Write(0);
        Write(0);
        Write((uint)snap);
        Write((uint)link);
    }

    /// <summary>How long it is now.</summary>
    public int Length => _file.Count;

    /// <summary>A packet.</summary>
    public PcapBuilder Packet(long at, byte[] data, int? length = null, uint? captured = null)
    {
        Write((uint)(at / 1_000_000_000));
        Write((uint)(at % 1_000_000_000 / (_nanoseconds ? 1 : 1_000)));
        Write(captured ?? (uint)data.Length);
        Write((uint)(length ?? data.Length));
        _file.AddRange(data);
        return this;
    }

    /// <summary>Packets.</summary>
    public PcapBuilder Packets(IEnumerable<Frame> frames)
    {
        foreach (var frame in frames)
            Packet(frame.At, frame.Data, frame.Length);
        return this;
    }

    /// <summary>Anything.</summary>
    public PcapBuilder Raw(byte[] bytes)
    {
        _file.AddRange(bytes);
        return this;
    }

    /// <summary>The file.</summary>
    public byte[] ToArray() => [.. _file];

    private void Write(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (_big)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _file.AddRange(bytes);
    }
}
