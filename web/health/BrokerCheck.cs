using Pressure.Cluster;

namespace Pressure.Web.Health;

/// <summary>Whether workers can be reached.</summary>
internal sealed class BrokerCheck(IBus bus) : IHealthCheck
{
    public string Name => "broker";

    public Task<HealthFinding> CheckAsync() => Task.FromResult(bus.IsConnected
        ? new HealthFinding(HealthLevel.Ok, $"connected; {bus.Counts.Interruptions} interruptions, {bus.Counts.Refused} dead letters")
        : new HealthFinding(HealthLevel.Warning, "away: no run can be spread over workers, and results of those that go on wait there"));
}
