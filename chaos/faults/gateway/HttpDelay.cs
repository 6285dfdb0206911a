using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Requests go on later.</summary>
internal sealed class HttpDelay(FaultTools tools) : GatewayFault(tools)
{
    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = "http-delay",
        Summary = "Lets requests through the gateway wait before they reach the service; undone by taking the rule away, and what waits goes on.",
        Target = TargetKind.Route,
        Parameters = [new("delay", ParameterType.Duration, "how long a request waits"), new("jitter", ParameterType.Duration, "so much less or more by chance", "0ms"), .. RequestParameters],
        EndsByItself = true,
    };

    /// <inheritdoc/>
    protected override GatewayEffect Effect(JsonObject arguments, ICollection<string> problems) =>
        new GatewayEffect.DelayRequest(FaultArguments.Duration(Argument(arguments, "delay"))!.Value, FaultArguments.Duration(Argument(arguments, "jitter")) ?? TimeSpan.Zero);
}
