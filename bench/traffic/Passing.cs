using Pressure.TrafficCopy;

namespace Pressure.Bench.Traffic;

/// <summary>Takes packets, segments or exchanges and keeps nothing of them.</summary>
internal sealed class Passing(CaptureAccounts accounts) : IPacketSink, ISegmentSink, IExchangeSink
{
    /// <inheritdoc/>
    public void Take(in CapturedPacket packet)
    {
        accounts.Packets++;
        accounts.Count(PacketFate.Used);
    }

    /// <inheritdoc/>
    public void Take(in TcpSegment segment)
    {
        accounts.Count(PacketFate.Used);
        accounts.PayloadBytes += segment.Payload.Length;
        accounts.Count(ByteFate.Delivered, segment.Payload.Length);
    }

    /// <inheritdoc/>
    public void Take(CapturedExchange exchange)
    {
    }

    /// <inheritdoc/>
    public void EndConnection(long connection, long at)
    {
    }
}
