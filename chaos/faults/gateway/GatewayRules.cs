using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Rules of the fault gateway as they come over its control socket: a kind of fault and its arguments.</summary>
public static class GatewayRules
{
    /// <summary>Reads one; null with problems if it is wrong, English sentences.</summary>
    public static GatewayRule? Read(string kind, JsonObject arguments, ICollection<string> problems)
    {
        var none = new FaultTools(TimeProvider.System, "", "");
        if (GatewayFaults.All(none).OfType<GatewayFault>().FirstOrDefault(f => f.Description.Kind == kind) is { } fault)
            return fault.Read(arguments, problems);
        problems.Add($"'{kind}' is no fault of the gateway.");
        return null;
    }
}

/// <summary>Which bytes a slow rule means.</summary>
internal static class GatewayDirection
{
    /// <summary>The effect for a direction.</summary>
    public static GatewayEffect.Slow Slow(Flow flow, Direction direction) => new(flow, direction != Direction.Out, direction != Direction.In);
}
