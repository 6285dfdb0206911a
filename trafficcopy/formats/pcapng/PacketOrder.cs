using System.Buffers;

namespace Pressure.TrafficCopy;

/// <summary>Brings packets of many connections into the order of their times, as far as memory goes.</summary>
internal sealed class PacketOrder(PcapngWriter to)
{
    private const long Most = 64 << 20;

    private readonly PriorityQueue<(byte[] Buffer, int Length), (long At, long Number)> _packets = new();
    private long _bytes;
    private long _number;

    /// <summary>Takes a packet.</summary>
    public void Add(long at, ReadOnlySpan<byte> packet)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(packet.Length);
        packet.CopyTo(buffer);
        _packets.Enqueue((buffer, packet.Length), (at, _number++));
        _bytes += buffer.Length;
        while (_bytes > Most)
            Write();
    }

    /// <summary>No packet with an earlier time will come.</summary>
    public void WriteUntil(long at)
    {
        while (_packets.TryPeek(out _, out var first) && first.At < at)
            Write();
    }

    /// <summary>Writes what is left.</summary>
    public void WriteAll()
    {
        while (_packets.Count > 0)
            Write();
    }

    private void Write()
    {
        _packets.TryDequeue(out var packet, out var order);
        to.Packet(order.At, packet.Buffer.AsSpan(0, packet.Length));
        _bytes -= packet.Buffer.Length;
        ArrayPool<byte>.Shared.Return(packet.Buffer);
    }
}
