using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>A replay made ready: captures opened, everything known that does not depend on the run.</summary>
internal sealed record ReplayJob
{
    /// <summary>What was asked.</summary>
    public required ReplayOrder Order { get; init; }

    /// <summary>The captures, opened, in the order in which they were named.</summary>
    public required IReadOnlyList<ICaptureReader> Captures { get; init; }

    /// <summary>What passes meanwhile, instead of captures; null for captures.</summary>
    public LiveTraffic? Live { get; init; }

    /// <summary>The plan's requests, in their order.</summary>
    public required IReadOnlyList<EndpointCount> Endpoints { get; init; }

    /// <summary>What is pressed.</summary>
    public required Uri Target { get; init; }

    /// <summary>Seed for what is chosen at random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Length of the captures together, in nanoseconds.</summary>
    public long Length => CaptureMerge.LengthOf([.. Captures.Select(c => c.Info)], Order.AlignsByClock);
}
