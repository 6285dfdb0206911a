using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>
/// Everything that there is, by kind and host: this machine's own inventories, and those of the agents that are connected.
/// A host that a selector names without <c>*</c> and that is not there is an error, never less without a word.
/// </summary>
public sealed class Inventories : IInventory
{
    private const string Local = "local";

    /// <summary>This machine's, by kind.</summary>
    public required IReadOnlyDictionary<TargetKind, IInventory> Here { get; init; }

    /// <summary>Lists the agents that are connected, by name; null where none can be.</summary>
    public Func<CancellationToken, Task<IReadOnlyDictionary<string, IInventory>>>? Agents { get; init; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Candidate>> ListAsync(TargetSelector selector, CancellationToken stop)
    {
        if (selector.Kind == TargetKind.Route)
            return selector.Route is { } route ? [new Candidate(Local, route) { Name = route.Label }] : [];
        List<Candidate> all = [];
        if (IsMeant(selector, Local) || selector.Kind == TargetKind.Host)
            all.AddRange(await OfAsync(Here.GetValueOrDefault(selector.Kind), selector, stop));
        var elsewhere = HostsOf(selector).Where(h => h != Local).ToList();
        if (elsewhere.Count == 0)
            return all;
        var agents = Agents is null ? new Dictionary<string, IInventory>() : await Agents(stop);
        var missing = elsewhere.Where(h => NamePattern.IsExact(h) && !agents.ContainsKey(h) && !all.Any(c => c.Target is FaultTarget.Host && c.Name == h)).ToList();
        if (missing.Count > 0)
            throw new InventoryException($"No agent is connected by the name of {string.Join(", ", missing)}{(agents.Count > 0 ? $"; connected are {string.Join(", ", agents.Keys.Order(StringComparer.Ordinal))}" : "")}. Name this machine '{Local}', or start the agent there.");
        foreach (var (name, agent) in agents.Where(a => IsMeant(selector, a.Key)).OrderBy(a => a.Key, StringComparer.Ordinal))
            all.AddRange((await agent.ListAsync(selector, stop)).Select(c => c with { Host = name }));
        return all;
    }

    private static async Task<IReadOnlyList<Candidate>> OfAsync(IInventory? inventory, TargetSelector selector, CancellationToken stop) => inventory is not null
        ? await inventory.ListAsync(selector, stop)
        : throw new InventoryException($"Nothing here can list targets of the kind {selector.Kind.ToString().ToLowerInvariant()}.");

    private static IReadOnlyList<string> HostsOf(TargetSelector selector) => selector.Kind == TargetKind.Host ? [.. selector.Hosts.Concat(selector.Names).Distinct()] : selector.Hosts;

    private static bool IsMeant(TargetSelector selector, string host) =>
        HostsOf(selector) is { Count: > 0 } hosts ? NamePattern.MatchesAny(hosts, host) : host == Local;
}
