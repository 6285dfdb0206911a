using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Responses have a body that is cut, another one, or wrong.</summary>
internal sealed class HttpBody(FaultTools tools) : GatewayFault(tools)
{
    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = "http-body",
        Summary = "Cuts, replaces or corrupts the bodies of responses that come through the gateway; undone by taking the rule away.",
        Target = TargetKind.Route,
        Parameters = [
            new("change", ParameterType.Text, "truncate (then the connection is reset), replace, or corrupt (one byte in a thousand)"),
            new("keep", ParameterType.Bytes, "truncate: how much arrives", "0"), new("body", ParameterType.Text, "replace: the text instead", ""), .. RequestParameters,
        ],
        EndsByItself = true,
    };

    /// <inheritdoc/>
    protected override GatewayEffect Effect(JsonObject arguments, ICollection<string> problems)
    {
        switch (Argument(arguments, "change"))
        {
            case "truncate":
                return new GatewayEffect.TruncateBody(FaultArguments.Bytes(Argument(arguments, "keep"))!.Value);
            case "replace":
                return new GatewayEffect.ReplaceBody(Argument(arguments, "body"));
            case var change:
                if (change != "corrupt")
                    problems.Add($"'{change}' is no change of a body: truncate, replace or corrupt.");
                return new GatewayEffect.CorruptBody();
        }
    }
}
