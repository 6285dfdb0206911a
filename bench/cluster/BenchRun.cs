using Pressure.Cluster;
using Pressure.Record;

namespace Pressure.Bench.Cluster;

/// <summary>The run that made-up workers tell of.</summary>
internal static class BenchRun
{
    /// <summary>Its id.</summary>
    public const string Id = "bench";

    /// <summary>Distinct requests of its plan.</summary>
    public const int Requests = 50;

    /// <summary>Connects.</summary>
    public static Task<RabbitBus> ConnectAsync(string broker, string name) =>
        RabbitBus.ConnectAsync(BrokerAddress.Parse(broker).Address ?? throw new ArgumentException(string.Join(' ', BrokerAddress.Parse(broker).Problems)), name, new() { StartLimit = TimeSpan.FromMinutes(1) });

    /// <summary>Its manifest.</summary>
    public static RunManifest Manifest(int seconds) => new()
    {
        Id = Id,
        Name = "bench",
        Target = "http://127.0.0.1",
        StartedAt = TimeProvider.System.GetUtcNow(),
        Version = "bench",
        Duration = TimeSpan.FromSeconds(seconds),
        Load = new() { Kind = "rate", Segments = [], Arrivals = "uniform", Total = 0 },
        Requests = [.. Enumerable.Range(0, Requests).Select(i => new RequestManifest($"request {i}", "all", "GET", $"/{i}", "bench", 1.0 / Requests))],
    };
}
