namespace Pressure.TrafficCopy.Tests;

/// <summary>Bytes of a pcapng file, block by block. A section's byte order holds until the next section.</summary>
public sealed class PcapngBuilder
{
    private readonly List<byte> _file = [];
    private bool _big;

    /// <summary>How long it is now.</summary>
    public int Length => _file.Count;

    /// <summary>A section begins.</summary>
    public PcapngBuilder Section(bool big = false, long length = -1, int major = 1)
    {
        _big = big;
        return Block(0x0A0D0D0A, [.. Four(0x1A2B3C4D), .. Two(major), .. Two(0), .. Eight((ulong)length)]);
    }

    /// <summary>An interface; <paramref name="resolution"/> and <paramref name="offset"/> are its options.</summary>
    public PcapngBuilder Interface(LinkType link = LinkType.Ethernet, int snap = 0, byte? resolution = null, long? offset = null)
    {
        List<byte> body = [.. Two((int)link), .. Two(0), .. Four((uint)snap)];
        if (resolution is { } digits)
            body.AddRange(Option(9, [digits]));
        if (offset is { } seconds)
            body.AddRange(Option(14, Eight((ulong)seconds)));
        if (body.Count > 8)
            body.AddRange(Option(0, []));
        return Block(1, [.. body]);
    }

    /// <summary>An enhanced packet block; the time in the interface's units.</summary>
    public PcapngBuilder Packet(ulong time, byte[] data, int? length = null, uint @interface = 0, uint? captured = null) =>
        Block(6, [.. Four(@interface), .. Four((uint)(time >> 32)), .. Four((uint)time), .. Four(captured ?? (uint)data.Length), .. Four((uint)(length ?? data.Length)), .. Padded(data)]);

    /// <summary>A simple packet block.</summary>
    public PcapngBuilder Simple(byte[] data, int? length = null) => Block(3, [.. Four((uint)(length ?? data.Length)), .. Padded(data)]);

    /// <summary>The old packet block, with a count of drops before it.</summary>
    public PcapngBuilder Old(ulong time, byte[] data, int @interface = 0, int drops = 0) =>
        Block(2, [.. Two(@interface), .. Two(drops), .. Four((uint)(time >> 32)), .. Four((uint)time), .. Four((uint)data.Length), .. Four((uint)data.Length), .. Padded(data)]);

    /// <summary>What an interface counted: packets dropped by it, and by the operating system.</summary>
    public PcapngBuilder Statistics(ulong byInterface, ulong? bySystem = null, uint @interface = 0)
    {
        List<byte> body = [.. Four(@interface), .. Eight(0), .. Option(5, Eight(byInterface))];
        if (bySystem is { } dropped)
            body.AddRange(Option(7, Eight(dropped)));
        return Block(5, [.. body, .. Option(0, [])]);
    }

    /// <summary>Secrets: a TLS key log unless another type is given.</summary>
    public PcapngBuilder Secrets(string text, uint type = 0x544C534B)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(text);
        return Block(10, [.. Four(type), .. Four((uint)bytes.Length), .. Padded(bytes)]);
    }

    /// <summary>Any block, of a body that is a multiple of 4 bytes.</summary>
    public PcapngBuilder Block(uint type, byte[] body)
    {
        var length = Four((uint)body.Length + 12);
        return Raw([.. Four(type), .. length, .. body, .. length]);
    }

    /// <summary>Anything.</summary>
    public PcapngBuilder Raw(byte[] bytes)
    {
        _file.AddRange(bytes);
        return this;
    }

    /// <summary>The file.</summary>
    public byte[] ToArray() => [.. _file];

    /// <summary>Four bytes in the section's order.</summary>
    public byte[] Four(uint value) => Ordered(BitConverter.GetBytes(value));

    /// <summary>An option of a block.</summary>
    public byte[] Option(int code, byte[] value) => [.. Two(code), .. Two(value.Length), .. Padded(value)];

    private static byte[] Padded(byte[] data) => [.. data, .. new byte[-data.Length & 3]];

    private byte[] Two(int value) => Ordered(BitConverter.GetBytes((ushort)value));

    private byte[] Eight(ulong value) => Ordered(BitConverter.GetBytes(value));

    // The machines that this runs on are little-endian.
    private byte[] Ordered(byte[] little)
    {
        if (_big)
            Array.Reverse(little);
        return little;
    }
}
