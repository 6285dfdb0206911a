using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Connections are reset.</summary>
internal sealed class TcpReset(FaultTools tools) : GatewayFault(tools)
{
    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = "tcp-reset",
        Summary = "Resets connections through the gateway, open and new ones; undone by taking the rule away.",
        Target = TargetKind.Route,
        Parameters = [PercentParameter],
        EndsByItself = true,
    };

    /// <inheritdoc/>
    protected override GatewayEffect Effect(JsonObject arguments, ICollection<string> problems) =>
        new GatewayEffect.ResetConnection();
}
