using System.Net;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Pulls a container's network cable: one network, or all that it is connected to. Undoing connects it with its addresses and aliases.</summary>
internal sealed class NetworkDisconnect(ContainerStrike strike) : IFault
{
    /// <inheritdoc/>
    public FaultDescription Description { get; } = new()
    {
        Kind = "network-disconnect",
        Summary = "Disconnects a container from a network, or from all of its networks; undone by connecting it again with the same addresses and aliases.",
        Target = TargetKind.Container,
        Parameters = [new("network", ParameterType.Text, "name of the network; all of its networks if it is left away", "")],
    };

    /// <inheritdoc/>
    public Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop) => strike.PrepareAsync(order, (facts, inspected) =>
    {
        var wanted = order.Arguments["network"]?.ToString() ?? "";
        var all = NetworkEndpoint.Of(inspected);
        var chosen = all.Where(e => wanted.Length == 0 || e.Network == wanted).ToList();
        var mode = inspected.Text("HostConfig", "NetworkMode");
        return Task.FromResult<Preparation>(
            mode is "host" or "none" || mode.StartsWith("container:", StringComparison.Ordinal) ? new Preparation.Refused($"Container {facts.Name} has no network of its own (its network is {mode}).", "Choose one that has, or use another fault.")
            : chosen.Count > 0 ? new Preparation.Ready(new() { ["networks"] = new JsonArray([.. chosen.Select(e => e.ToJson())]) })
            : wanted.Length == 0 ? new Preparation.Refused($"Container {facts.Name} is connected to no network.", "Choose another container.")
            : new Preparation.Refused($"Container {facts.Name} is not connected to network {wanted}; it is to {string.Join(", ", all.Select(e => e.Network))}.", "Name one of its networks, or leave it away for all."));
    }, stop);

    /// <inheritdoc/>
    public Task ApplyAsync(FaultIntent intent, CancellationToken stop) => strike.ApplyAsync(intent, async facts =>
    {
        foreach (var endpoint in Captured(intent))
            await DisconnectAsync(facts.Id, endpoint, stop);
    }, stop);

    /// <inheritdoc/>
    /// <remarks>
    /// By the container's id, whichever instance runs: one that is started anew comes up without the networks that it was disconnected from, or, with none
    /// left, with its first network and without its aliases there.
    /// </remarks>
    public Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit) => strike.UndoAsync(intent, async target =>
    {
        if (await strike.LookAsync(intent, _ => true, limit) is null)
            return new UndoOutcome.NothingToUndo("the container is gone");
        var missing = await MissingAsync(intent, target.Id, limit);
        if (missing.Count == 0)
            return new UndoOutcome.NothingToUndo("it is connected as before");
        foreach (var (endpoint, connected) in missing)
        {
            if (await strike.Engine.FindAsync($"networks/{endpoint.NetworkId}", limit) is null)
                return new UndoOutcome.NothingToUndo($"network {endpoint.Network} is gone");
            if (connected)
                await DisconnectAsync(target.Id, endpoint, limit);
            if (await ConnectAsync(target, endpoint, limit) is { } lost)
                return lost;
        }
        return new UndoOutcome.Undone();
    }, limit);

    /// <inheritdoc/>
    public Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit) => strike.ResidueAsync(intent, (facts, inspected) =>
        Captured(intent).FirstOrDefault(e => !e.IsIn(inspected)) is { } missing ? $"container {facts.Name} is not connected to {missing.Network} as it was" : null, limit);

    private static IEnumerable<NetworkEndpoint> Captured(FaultIntent intent) => intent.Prior.List("networks").Select(NetworkEndpoint.FromJson);

    private async Task<List<(NetworkEndpoint Endpoint, bool Connected)>> MissingAsync(FaultIntent intent, string container, CancellationToken limit) =>
        await strike.Engine.InspectAsync(container, limit) is { } inspected
            ? [.. Captured(intent).Where(e => !e.IsIn(inspected)).Select(e => (e, NetworkEndpoint.Of(inspected).Any(n => n.NetworkId == e.NetworkId)))]
            : [];

    private async Task DisconnectAsync(string container, NetworkEndpoint endpoint, CancellationToken stop) =>
        await strike.Engine.AskAsync(HttpMethod.Post, $"networks/{endpoint.NetworkId}/disconnect", new JsonObject { ["Container"] = container }, stop);

    /// <summary>
    /// Asks for no address first, unless one had been asked for when the container was made: the engine gives the lowest that is free, which is the old one
    /// as a rule, and then nothing tells that it was ever away. Only if it is another the old one is asked for by name.
    /// </summary>
    private async Task<UndoOutcome?> ConnectAsync(FaultTarget.Container target, NetworkEndpoint endpoint, CancellationToken limit)
    {
        await strike.Engine.AskAsync(HttpMethod.Post, $"networks/{endpoint.NetworkId}/connect", endpoint.ToConnect(target.Id, withAddress: false), limit);
        if (await AddressAsync(target, endpoint, limit) is not { Length: > 0 } given || given == endpoint.Address || endpoint.Address.Length == 0)
            return null;
        await DisconnectAsync(target.Id, endpoint, limit);
        try
        {
            await strike.Engine.AskAsync(HttpMethod.Post, $"networks/{endpoint.NetworkId}/connect", endpoint.ToConnect(target.Id, withAddress: true), limit);
            return null;
        }
        catch (DockerException e) when (e.Status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.Conflict or HttpStatusCode.InternalServerError)
        {
            // The network gives addresses as it likes, or somebody has taken this one.
            await strike.Engine.AskAsync(HttpMethod.Post, $"networks/{endpoint.NetworkId}/connect", endpoint.ToConnect(target.Id, withAddress: false), limit);
            return new UndoOutcome.NothingToUndo($"it is connected to {endpoint.Network} again, at {await AddressAsync(target, endpoint, limit)}, since {endpoint.Address} can't be had any more");
        }
    }

    private async Task<string?> AddressAsync(FaultTarget.Container target, NetworkEndpoint endpoint, CancellationToken limit) =>
        await strike.Engine.InspectAsync(target.Id, limit) is { } inspected ? NetworkEndpoint.Of(inspected).FirstOrDefault(n => n.NetworkId == endpoint.NetworkId)?.Address : null;
}
