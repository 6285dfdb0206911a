using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>
/// What faults of the gateway's routes have in common: a rule that the gateway is told over its control socket. It ends by itself at its deadline, and
/// dies with the gateway.
/// </summary>
internal abstract class GatewayFault(FaultTools tools) : IFault
{
    /// <summary>Parameter: how many.</summary>
    protected static FaultParameter PercentParameter { get; } = new("percent", ParameterType.Percent, "share of requests (of connections on a TCP route) that are struck", "100%");

    /// <summary>Parameters: which requests.</summary>
    protected static IReadOnlyList<FaultParameter> RequestParameters { get; } =
    [
        PercentParameter,
        new("path", ParameterType.Text, "paths that begin so, * for anything in between (/item/*/price); all if left away", ""),
        new("method", ParameterType.Text, "requests of this method; all if left away", ""),
        new("header", ParameterType.Text, "requests with this header (X-Tenant), or with this value of it (X-Tenant: acme); all if left away", ""),
    ];

    /// <inheritdoc/>
    public abstract FaultDescription Description { get; }

    /// <summary>What it does; adds to the problems what is wrong.</summary>
    protected abstract GatewayEffect Effect(JsonObject arguments, ICollection<string> problems);

    /// <summary>The rule that arguments ask for; null with problems if they are wrong.</summary>
    public GatewayRule? Read(JsonObject arguments, ICollection<string> problems)
    {
        foreach (var problem in FaultArguments.Problems(Description, arguments))
            problems.Add(problem);
        if (problems.Count > 0)
            return null;
        var effect = Effect(arguments, problems);
        var requests = effect.IsHttp ? new RequestMatch(Argument(arguments, "path"), Argument(arguments, "method"), Argument(arguments, "header")) : new RequestMatch();
        return problems.Count > 0 ? null : new(FaultArguments.Percent(Argument(arguments, PercentParameter.Name))!.Value, requests, effect);
    }

    /// <inheritdoc/>
    public async Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop)
    {
        List<string> problems = [];
        var rule = Read(order.Arguments, problems);
        if (order.Target is not FaultTarget.Route route)
            return new Preparation.Refused($"{Description.Kind} strikes routes of the fault gateway, and {order.Target.Label} is none.", "Start pressure chaos gateway and choose its route.");
        if (rule is null)
            return PacketFault.Refused(problems);
        if (GatewayControl.Find(tools.Folder, route.Listen) is not { } gateway)
            return NoGateway(route);
        if (gateway.To.StartsWith("tcp://", StringComparison.Ordinal) == rule.Effect.IsHttp)
            return new Preparation.Refused($"The route {route.Listen} leads to {gateway.To}, which is not for {Description.Kind}.", rule.Effect.IsHttp ? "Use the tcp- faults." : "Use the http- faults.");
        try
        {
            return await gateway.AskAsync(new() { ["do"] = "list" }, stop) is null ? NoGateway(route) : new Preparation.Ready([]);
        }
        catch (FaultException e)
        {
            return new Preparation.Refused(e.Message, "Start the gateway anew.");
        }
    }

    /// <inheritdoc/>
    public async Task ApplyAsync(FaultIntent intent, CancellationToken stop)
    {
        var question = new JsonObject { ["do"] = "add", ["handle"] = intent.Handle, ["kind"] = intent.Kind, ["arguments"] = intent.Arguments.DeepClone(), ["until"] = intent.DeadlineSinceBoot.TotalSeconds };
        if (Gateway(intent) is not { } gateway || await gateway.AskAsync(question, stop) is null)
            throw new FaultException($"The gateway of {intent.Target.Label} is gone. Start it again.");
    }

    /// <inheritdoc/>
    public async Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit)
    {
        try
        {
            var answer = Gateway(intent) is { } gateway ? await gateway.AskAsync(new() { ["do"] = "remove", ["handle"] = intent.Handle }, limit) : null;
            return answer is null ? new UndoOutcome.NothingToUndo("the gateway is gone, and its rules with it")
                : answer["removed"]?.GetValue<bool>() == true ? new UndoOutcome.Undone() : new UndoOutcome.NothingToUndo("its rule has ended");
        }
        catch (FaultException e)
        {
            return new UndoOutcome.Incomplete(e.Message, "End the gateway: its rules end with it.");
        }
    }

    /// <inheritdoc/>
    public async Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit)
    {
        var answer = Gateway(intent) is { } gateway ? await gateway.AskAsync(new() { ["do"] = "list" }, limit) : null;
        return answer?["rules"] is JsonArray rules && rules.Any(r => r?["handle"]?.GetValue<string>() == intent.Handle) ? $"the gateway of {intent.Target.Label} has its rule" : null;
    }

    /// <summary>An argument's text, or its default's.</summary>
    protected string Argument(JsonObject arguments, string name) => FaultArguments.Text(Description, arguments, name)!;

    private static Preparation.Refused NoGateway(FaultTarget.Route route) =>
        new($"No fault gateway listens on {route.Listen}.", $"Start one: pressure chaos gateway --listen {route.Listen} --to {route.To}");

    private GatewayControl? Gateway(FaultIntent intent) => intent.Target is FaultTarget.Route route ? GatewayControl.Find(tools.Folder, route.Listen) : null;
}
