using Pressure.Cluster;

namespace Pressure.Cli.Workers;

/// <summary>What kind of capacity a worker tells.</summary>
internal abstract record CapacityWish
{
    private CapacityWish()
    {
    }

    /// <summary>What it measures itself at its start.</summary>
    public sealed record Measure : CapacityWish;

    /// <summary>None: it counts like any other.</summary>
    public sealed record None : CapacityWish;

    /// <summary>Requests per second, as somebody who knows says.</summary>
    public sealed record Given(double PerSecond) : CapacityWish;
}

/// <summary>A worker as it was asked for.</summary>
/// <param name="Broker">The broker.</param>
/// <param name="Options">Name, labels, folder; capacity is still to come.</param>
/// <param name="Capacity">Its capacity.</param>
internal sealed record WorkerOrder(BrokerAddress Broker, WorkerOptions Options, CapacityWish Capacity);
