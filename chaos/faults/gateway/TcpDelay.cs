using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Bytes of connections arrive later.</summary>
internal sealed class TcpDelay(FaultTools tools) : GatewayFault(tools)
{
    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = "tcp-delay",
        Summary = "Delays the bytes of connections through the gateway, in order; undone by taking the rule away, and what waits goes on.",
        Target = TargetKind.Route,
        Parameters = [new("delay", ParameterType.Duration, "how much later"), new("jitter", ParameterType.Duration, "so much earlier or later by chance, in order all the same", "0ms"), PacketScope.DirectionParameter with { Summary = "which bytes: in (to the service), out (from it), both" } with { Default = "out" }, PercentParameter],
        EndsByItself = true,
    };

    /// <inheritdoc/>
    protected override GatewayEffect Effect(JsonObject arguments, ICollection<string> problems) =>
        GatewayDirection.Slow(new(FaultArguments.Duration(Argument(arguments, "delay"))!.Value, FaultArguments.Duration(Argument(arguments, "jitter")) ?? TimeSpan.Zero), PacketScope.Read(Description, arguments, problems).Direction);
}
