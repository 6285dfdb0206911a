using Pressure.TrafficCopy;

namespace Pressure.Bench.Traffic;

/// <summary>Takes packets or segments and only counts them.</summary>
internal sealed class Passing(CaptureAccounts accounts) : IPacketSink, ISegmentSink
{
    /// <inheritdoc/>
    public void Take(in CapturedPacket packet) => accounts.Packets++;

    /// <inheritdoc/>
    public void Take(in TcpSegment segment)
    {
        accounts.Count(PacketFate.Used);
        accounts.PayloadBytes += segment.Payload.Length;
    }
}
