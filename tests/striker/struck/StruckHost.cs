using System.Text.Json.Nodes;
using Pressure.Faults;

namespace Pressure.Striker;

/// <summary>The host, a little of whose CPU is burnt; struck while a burner of the state folder runs.</summary>
internal sealed class StruckHost(string state) : IStruck
{
    public string Kind => "host-cpu-burn";

    public JsonObject Arguments => new() { ["percent"] = "5%", ["cores"] = 1 };

    public Task<FaultTarget> TargetAsync() => Task.FromResult<FaultTarget>(new FaultTarget.Host("here"));

    public Task<bool> IsStruckAsync() => Task.Run(() => HostProcesses.List().Any(p => p.Arguments.Contains("fault-burn") && p.Arguments.Any(a => a.Contains(state, StringComparison.Ordinal))));

    public void Dispose()
    {
        // Nothing of it is ours.
    }
}
