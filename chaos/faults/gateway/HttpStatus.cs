using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Requests are answered with a status.</summary>
internal sealed class HttpStatus(FaultTools tools) : GatewayFault(tools)
{
    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = "http-status",
        Summary = "Answers requests through the gateway with a status, without asking the service; undone by taking the rule away.",
        Target = TargetKind.Route,
        Parameters = [new("status", ParameterType.Number, "the status, 200 to 599"), new("body", ParameterType.Text, "the answer's text", ""), .. RequestParameters],
        EndsByItself = true,
    };

    /// <inheritdoc/>
    protected override GatewayEffect Effect(JsonObject arguments, ICollection<string> problems)
    {
        var status = FaultArguments.Number(Argument(arguments, "status"))!.Value;
        if (status is < 200 or > 599)
            problems.Add($"'{status}' is no status of an answer: 200 to 599.");
        return new GatewayEffect.Answer((int)Math.Clamp(status, 200, 599), Argument(arguments, "body"));
    }
}
