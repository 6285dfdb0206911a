using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Removes a container, as a wrong command or a failed host does. Undoing makes it again as it was, and starts it.</summary>
/// <remarks>
/// <code>
///   undo:  old one there ──▶ start it if it ended      (removing it failed, or never began)
///          name free     ──▶ create as NAME.pressure-HANDLE ──▶ connect ──▶ rename ──▶ start
///          name taken by one that was never started ──▶ start it      (an undoing that was cut off before its last step)
/// </code>
/// Whatever bears the handle in its name is of an undoing that was cut off: it is removed, and made again.
/// </remarks>
internal sealed class ContainerRemove(ContainerStrike strike) : IFault
{
    private const string LoseFiles = "lose-files";

    /// <inheritdoc/>
    public FaultDescription Description { get; } = new()
    {
        Kind = "container-remove",
        Summary = "Removes a container; undone by making it again with the same settings, networks, aliases and name, and starting it.",
        Target = TargetKind.Container,
        Parameters = [new(LoseFiles, ParameterType.Flag, "true lets files be lost that it wrote outside of volumes; they don't come back", "false")],
        Risky = true,
    };

    /// <inheritdoc/>
    public Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop) => strike.PrepareAsync(order, async (facts, inspected) =>
    {
        if ((ContainerRevival.Refusal(facts) ?? ContainerRecipe.Refusal(inspected, await OthersAsync(stop))) is { } refused)
            return refused;
        if (await ImageOfNameAsync(facts.Image, stop) != inspected.Text("Image"))
            return new Preparation.Refused($"Container {facts.Name} was made from another image than {facts.Image} names now.", "Make it anew from that one first.");
        if (order.Arguments[LoseFiles]?.ToString() is not ("true" or "True") && await LostAsync(facts, inspected, stop) is { Count: > 0 } lost)
            return new Preparation.Refused($"Container {facts.Name} would lose {lost.Count} files that it wrote outside of volumes: {string.Join(", ", lost.Take(3))}{(lost.Count > 3 ? ", ..." : "")}.", $"Put them into a volume, or say {LoseFiles}: true.");
        return new Preparation.Ready(ContainerRecipe.Prior(inspected));
    }, stop);

    /// <inheritdoc/>
    public Task ApplyAsync(FaultIntent intent, CancellationToken stop) =>
        strike.ApplyAsync(intent, facts => strike.Engine.AskAsync(HttpMethod.Delete, $"containers/{facts.Id}?force=1", null, stop), stop);

    /// <inheritdoc/>
    public Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit) => strike.UndoAsync(intent, async target =>
    {
        while (await strike.LookAsync(intent, f => f.StartedAt == target.StartedAt, limit) is { } old)
        {
            if (old.Running && !await IsGoingAsync(target, limit))
                return new UndoOutcome.NothingToUndo("it was not removed, and runs as before");
            if (!await IsGoingAsync(target, limit))
                return await ContainerRevival.StartAsync(strike, target.Id, target.Name, limit);
            await Task.Delay(ContainerStrike.OnItsWay, strike.Time, limit);
        }
        if (await strike.Engine.InspectAsync(Draft(intent), limit) is { } cutOff)
            await strike.Engine.AskAsync(HttpMethod.Delete, $"containers/{cutOff.Text("Id")}?force=1", null, limit);
        if (await strike.Engine.InspectAsync(target.Name, limit) is { } there)
        {
            return there.Text("State", "Status") == "created"
                ? await ContainerRevival.StartAsync(strike, there.Text("Id"), target.Name, limit)
                : new UndoOutcome.NothingToUndo("another container has its name now");
        }
        var made = await MakeAsync(intent, target, limit);
        await strike.Engine.AskAsync(HttpMethod.Post, $"containers/{made}/rename?name={Uri.EscapeDataString(target.Name)}", null, limit);
        return await ContainerRevival.StartAsync(strike, made, target.Name, limit);
    }, limit);

    /// <inheritdoc/>
    public async Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit)
    {
        var target = (FaultTarget.Container)intent.Target;
        try
        {
            return await strike.Engine.InspectAsync(Draft(intent), limit) is not null ? $"container {Draft(intent)} is half made"
                : await strike.Engine.InspectAsync(target.Name, limit) is not { } there ? $"container {target.Name} is removed"
                : there.Text("State", "Status") == "created" ? $"container {target.Name} is made again and not started"
                : null;
        }
        catch (DockerException e)
        {
            return $"whether container {target.Name} is there again can't be seen: {e.What.TrimEnd('.')}";
        }
    }

    private static string Draft(FaultIntent intent) => $"{((FaultTarget.Container)intent.Target).Name}.pressure-{intent.Handle}";

    private async Task<IReadOnlyList<JsonObject>> OthersAsync(CancellationToken stop)
    {
        List<JsonObject> others = [];
        foreach (var listed in await strike.Engine.ListAsync(null, stop))
        {
            if (await strike.Engine.InspectAsync(listed.Text("Id"), stop) is { } other)
                others.Add(other);
        }
        return others;
    }

    private async Task<IReadOnlyList<string>> LostAsync(ContainerFacts facts, JsonObject inspected, CancellationToken stop) =>
        ContainerRecipe.Lost(inspected, await strike.Engine.AskAsync(HttpMethod.Get, $"containers/{facts.Id}/changes", null, stop) as JsonArray);

    private async Task<string> ImageOfNameAsync(string image, CancellationToken stop) =>
        (await strike.Engine.FindAsync($"images/{image}/json", stop)).Text("Id");

    /// <summary>Whether the engine is about to remove it.</summary>
    private async Task<bool> IsGoingAsync(FaultTarget.Container target, CancellationToken limit) =>
        await strike.Engine.InspectAsync(target.Id, limit) is not { } inspected || inspected.Text("State", "Status") is "removing" or "dead";

    private async Task<string> MakeAsync(FaultIntent intent, FaultTarget.Container target, CancellationToken limit)
    {
        var name = intent.Prior.Text("config", "Image");
        var image = await ImageOfNameAsync(name, limit) == intent.Prior.Text("imageId") ? null : intent.Prior.Text("imageId");
        var created = await strike.Engine.AskAsync(HttpMethod.Post, $"containers/create?name={Uri.EscapeDataString(Draft(intent))}", ContainerRecipe.Create(intent.Prior, target.Id, image, withAddress: false), limit);
        var made = created.Text("Id");
        foreach (var endpoint in ContainerRecipe.Rest(intent.Prior))
            await strike.Engine.AskAsync(HttpMethod.Post, $"networks/{endpoint.NetworkId}/connect", endpoint.ToConnect(made, withAddress: false, ContainerRecipe.Chosen(target.Id)), limit);
        return made;
    }
}
