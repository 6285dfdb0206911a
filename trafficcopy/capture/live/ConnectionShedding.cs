namespace Pressure.TrafficCopy;

/// <summary>
/// Lets go of some connections, whole, to spare the host's processor: one that is kept is kept in both directions and to its end. Counts what it lets go.
/// </summary>
public sealed class ConnectionShedding(ISegmentSink next, CaptureAccounts accounts) : ISegmentSink
{
    /// <summary>How often the connections that are kept are halved; 0 to keep all.</summary>
    public int Halvings { get; set; }

    /// <inheritdoc/>
    public void Take(in TcpSegment segment)
    {
        if (Halvings == 0 || (Scattered(segment.Flow) & ((1u << Halvings) - 1)) == 0)
        {
            next.Take(segment);
            return;
        }
        accounts.Count(PacketFate.Shed);
        accounts.PayloadBytes += segment.Payload.Length;
        accounts.Count(ByteFate.Shed, segment.Payload.Length);
    }

    // The same for both directions, and the same each time.
    private static uint Scattered(in FlowKey flow)
    {
        var addresses = (flow.FromHigh ^ flow.FromLow) + (flow.ToHigh ^ flow.ToLow);
        var mixed = (addresses ^ flow.Network ^ ((ulong)(uint)(flow.FromPort + flow.ToPort) << 32)) * 0x9E37_79B9_7F4A_7C15;
        return (uint)(mixed >> 40);
    }
}
