using System.Net;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>
/// What faults made of packet filter rules have in common: rules with the handle and the deadline go in at once, and out again by their handle. The
/// network is remembered by the kernel's name for it, so undoing needs neither the container engine nor the container.
/// </summary>
internal abstract class PacketFault(FaultTools tools) : IFault
{
    /// <inheritdoc/>
    public abstract FaultDescription Description { get; }

    /// <summary>Its rules.</summary>
    protected abstract IEnumerable<FilterRule> Rules(IpFamily family, PacketScope scope, IReadOnlyList<IPNetwork> peers, JsonObject arguments);

    /// <summary>What is wrong with arguments of its own; English sentences.</summary>
    protected virtual IEnumerable<string> OwnProblems(PacketScope scope, JsonObject arguments) => [];

    /// <summary>Bounds that the kind of fault has of itself.</summary>
    protected virtual PacketScope Bounds(PacketScope scope) => scope;

    /// <inheritdoc/>
    public async Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop)
    {
        List<string> problems = [.. FaultArguments.Problems(Description, order.Arguments)];
        if (problems.Count > 0)
            return Refused(problems);
        var scope = Bounds(PacketScope.Read(Description, order.Arguments, problems));
        problems.AddRange(OwnProblems(scope, order.Arguments));
        try
        {
            var peers = await Peers.ResolveAsync(scope.To, order.Target, tools, problems, stop);
            if (order.Target is FaultTarget.Host)
                problems.AddRange(scope.LifelinesCut(peers));
            return problems.Count > 0 ? Refused(problems) : await LookAsync(order.Target, peers, stop);
        }
        catch (Exception e) when (e is DockerException or FaultException)
        {
            return new Preparation.Refused(e.Message, "Then try again.");
        }
    }

    /// <inheritdoc/>
    public async Task ApplyAsync(FaultIntent intent, CancellationToken stop)
    {
        using var place = await SameAsync(tools, intent, stop);
        var scope = Bounds(PacketScope.Read(Description, intent.Arguments, []));
        var peers = Peers.Read(intent.Prior["to"]);
        List<FilterRule> rules = [];
        foreach (var family in await FamiliesAsync(place, stop))
            rules.AddRange(Rules(family, scope, peers, intent.Arguments));
        await PacketFilter.AddAsync(place, intent.Handle, intent.Deadline, rules, stop);
    }

    /// <inheritdoc/>
    public async Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit)
    {
        using var place = TargetNetworks.Again(intent.Prior);
        if (place is null)
            return new UndoOutcome.NothingToUndo(Gone(intent.Target));
        try
        {
            var removed = await PacketFilter.RemoveAsync(place, intent.Handle, limit);
            await PacketFilter.TidyAsync(place, limit);
            return await ResidueAsync(intent, limit) is { } left ? Left(left) : removed > 0 ? new UndoOutcome.Undone() : new UndoOutcome.NothingToUndo("none of its rules is there");
        }
        catch (FaultException e)
        {
            return Left(e.Message);
        }

        UndoOutcome Left(string what) => new UndoOutcome.Incomplete(what, $"Look at iptables-save in the network of {intent.Target.Label} and delete the rules that bear pressure:{intent.Handle}.");
    }

    /// <inheritdoc/>
    public async Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit)
    {
        using var place = TargetNetworks.Again(intent.Prior);
        return place is not null && await PacketFilter.ListAsync(place, intent.Handle, limit) is { Count: > 0 and var count }
            ? $"{count} packet filter rules of {intent.Target.Label} bear its handle" : null;
    }

    /// <summary>The network that the intent was made for.</summary>
    /// <exception cref="FaultException">It is another one by now.</exception>
    internal static async Task<NetworkPlace> SameAsync(FaultTools tools, FaultIntent intent, CancellationToken stop)
    {
        switch (await new TargetNetworks(tools).FindAsync(intent.Target, stop))
        {
            case TargetNetworks.Found.There there when there.Place.Identity == intent.Prior["network"]?.GetValue<string>():
                return there.Place;
            case TargetNetworks.Found.There other:
                other.Place.Dispose();
                throw new FaultException($"{intent.Target.Label} has another network than when it was chosen. Choose it again.");
            case TargetNetworks.Found.Not not:
                throw new FaultException($"{not.Why} {not.Remedy}");
            default:
                throw new InvalidOperationException("A network is found or not.");
        }
    }

    /// <summary>Why there is nothing to undo when the network is gone.</summary>
    internal static string Gone(FaultTarget target) => $"the network of {target.Label} has gone, with everything in it";

    /// <summary>A refusal for all that is wrong.</summary>
    internal static Preparation.Refused Refused(IEnumerable<string> problems) => new(string.Join(' ', problems), "Correct the fault's arguments.");

    private async Task<Preparation> LookAsync(FaultTarget target, IReadOnlyList<IPNetwork> peers, CancellationToken stop)
    {
        switch (await new TargetNetworks(tools).FindAsync(target, stop))
        {
            case TargetNetworks.Found.There(var place):
                using (place)
                {
                    if ((await FamiliesAsync(place, stop)).Count == 0)
                        return new Preparation.Refused("The packet filter can't be used here: iptables-save does not work.", "Install iptables (Debian: apt-get install iptables) and run as root.");
                    var prior = TargetNetworks.Remember(place);
                    prior["to"] = Peers.Write(peers);
                    return new Preparation.Ready(prior);
                }
            case TargetNetworks.Found.Not(var why, var remedy):
                return new Preparation.Refused(why, remedy);
            default:
                throw new InvalidOperationException("A network is found or not.");
        }
    }

    /// <summary>A network that speaks IPv6 is only cut off when that is cut too.</summary>
    private static async Task<IReadOnlyList<IpFamily>> FamiliesAsync(NetworkPlace place, CancellationToken stop)
    {
        List<IpFamily> found = [];
        foreach (var family in PacketFilter.Families)
        {
            if (await PacketFilter.HasAsync(place, family, stop))
                found.Add(family);
        }
        return found;
    }
}
