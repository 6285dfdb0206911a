namespace Pressure.TrafficCopy;

/// <summary>Notes the times of the packets that pass.</summary>
internal sealed class PacketClock : IPacketSink
{
    private CancellationTokenSource? _enough;

    /// <summary>Who takes them.</summary>
    public IPacketSink? Next { get; init; }

    /// <summary>The latest.</summary>
    public long LastAt { get; private set; } = long.MinValue;

    /// <summary>The first packet's time; null when there is none.</summary>
    public static long? FirstOf(string file)
    {
        using var enough = new CancellationTokenSource();
        var clock = new PacketClock { _enough = enough };
        CaptureFileReader.Read(file, clock, new CaptureAccounts(), new() { Stop = enough.Token });
        return clock.LastAt == long.MinValue ? null : clock.LastAt;
    }

    public void Take(in CapturedPacket packet)
    {
        if (_enough is { } enough)
        {
            LastAt = LastAt == long.MinValue ? packet.At : LastAt;
            enough.Cancel();
            return;
        }

        LastAt = Math.Max(LastAt, packet.At);
        Next?.Take(packet);
    }
}
