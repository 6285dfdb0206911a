using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Requests end with a reset of their connection.</summary>
internal sealed class HttpAbort(FaultTools tools) : GatewayFault(tools)
{
    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = "http-abort",
        Summary = "Resets the connection of requests through the gateway instead of answering them; undone by taking the rule away.",
        Target = TargetKind.Route,
        Parameters = [.. RequestParameters],
        EndsByItself = true,
    };

    /// <inheritdoc/>
    protected override GatewayEffect Effect(JsonObject arguments, ICollection<string> problems) =>
        new GatewayEffect.AbortRequest();
}
