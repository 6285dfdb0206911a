namespace Pressure.TrafficCopy;

/// <summary>What to capture, and how much of the host may be taken for it.</summary>
public sealed record LiveCaptureOptions
{
    /// <summary>The interface, such as <c>eth0</c>; <c>any</c> for all.</summary>
    public required string Interface { get; init; }

    /// <summary>What of its packets.</summary>
    public LiveFilter Filter { get; init; } = new();

    /// <summary>Most bytes kept of a packet.</summary>
    public int SnapLength { get; init; } = CaptureReading.MaxPacket;

    /// <summary>Memory of the kernel in which packets wait until they are read; what finds no place there is dropped and counted.</summary>
    public int BufferBytes { get; init; } = 32 << 20;

    /// <summary>Whether packets are wanted that are for others.</summary>
    public bool Promiscuous { get; init; }

    /// <summary>Most of one core that the capturing thread may take, of what it hands packets to included.</summary>
    public double CpuShare { get; init; } = 0.5;

    /// <summary>When to end: after that many packets.</summary>
    public long MaxPackets { get; init; } = long.MaxValue;

    /// <summary>When to end: after that many bytes of packets.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;

    /// <summary>When to end: after that long.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.MaxValue;
}
