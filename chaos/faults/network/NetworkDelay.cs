using System.Net;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>
/// Everything arrives later: by the kernel (netem) where it can and all packets are meant, else by a relay in the target's network that the packet filter leads new
/// TCP connections to.
/// </summary>
/// <remarks>
/// <code>
/// program ──▶ packet filter (REDIRECT: new connections, but for the relay's own) ──▶ relay ── later ──▶ where it was meant to go
/// </code>
/// </remarks>
internal sealed class NetworkDelay(FaultTools tools) : IFault
{
    private const string Delay = "delay", Jitter = "jitter", Method = "method", ByKernel = "netem", ByRelay = "relay", Redirect = "REDIRECT";

    /// <inheritdoc/>
    public FaultDescription Description { get; } = new()
    {
        Kind = "network-delay",
        Summary = "Delays what a target sends and receives; by netem where the kernel has it, else by a relay that carries new TCP connections. Undone by taking both away.",
        Target = TargetKind.Container,
        AlsoTargets = [TargetKind.Process, TargetKind.Host],
        Parameters =
        [
            new(Delay, ParameterType.Duration, "how much later"),
            new(Jitter, ParameterType.Duration, "so much earlier or later by chance, in order all the same", "0ms"),
            PacketScope.ToParameter,
            PacketScope.PortParameter with { Summary = "ports that connections go to, separated by commas; all if left away" },
            PacketScope.DirectionParameter with { Default = "out" },
            new(Method, ParameterType.Text, "netem, relay, or auto: netem where the kernel has it and all packets that go out are meant, else relay (TCP only)", "auto"),
        ],
        EndsByItself = true,
    };

    /// <inheritdoc/>
    public async Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop)
    {
        List<string> problems = [.. FaultArguments.Problems(Description, order.Arguments)];
        if (problems.Count > 0)
            return PacketFault.Refused(problems);
        var scope = PacketScope.Read(Description, order.Arguments, problems);
        var method = Argument(order.Arguments, Method);
        if (method is not ("auto" or ByKernel or ByRelay))
            problems.Add($"'{method}' is no method: auto, netem or relay.");
        try
        {
            var peers = await Peers.ResolveAsync(scope.To, order.Target, tools, problems, stop);
            if (order.Target is FaultTarget.Host)
                problems.AddRange(scope.LifelinesCut(peers));
            return problems.Count > 0 ? PacketFault.Refused(problems) : await LookAsync(order.Target, scope, peers, method, stop);
        }
        catch (Exception e) when (e is DockerException or FaultException)
        {
            return new Preparation.Refused(e.Message, "Then try again.");
        }
    }

    /// <inheritdoc/>
    public async Task ApplyAsync(FaultIntent intent, CancellationToken stop)
    {
        using var place = await PacketFault.SameAsync(tools, intent, stop);
        var (delay, jitter) = (Span(intent, Delay), Span(intent, Jitter));
        if (intent.Prior["device"]?.GetValue<string>() is { } device)
        {
            await NetworkDevices.SetRootAsync(place, device, intent.Handle, ["netem", "delay", $"{delay.TotalMicroseconds:0}us", .. jitter > TimeSpan.Zero ? new[] { $"{jitter.TotalMicroseconds:0}us" } : []], stop);
            return;
        }
        var scope = PacketScope.Read(Description, intent.Arguments, []);
        var (v4, v6) = await RelayProcess.StartAsync(place, intent, delay, jitter, Argument(intent.Arguments, PacketScope.DirectionParameter.Name), stop);
        var peers = Peers.Read(intent.Prior["to"]);
        List<FilterRule> rules = [.. Leading(IpFamily.V4, scope, peers, v4)];
        if (v6 > 0 && await PacketFilter.HasAsync(place, IpFamily.V6, stop))
            rules.AddRange(Leading(IpFamily.V6, scope, peers, v6));
        await PacketFilter.AddAsync(place, intent.Handle, intent.Deadline, rules, stop);
    }

    /// <inheritdoc/>
    public async Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit)
    {
        using var place = TargetNetworks.Again(intent.Prior);
        try
        {
            var undone = 0;
            if (place is not null && intent.Prior["device"]?.GetValue<string>() is { } device)
                undone += await NetworkDevices.ClearRootAsync(place, device, intent.Handle, limit) ? 1 : 0;
            else if (place is not null)
                undone += await PacketFilter.RemoveAsync(place, intent.Handle, Redirect, limit);
            undone += await RelayProcess.EndAsync(intent.Handle, tools.Time, limit);
            // After the relay, whose connections need them to their last byte.
            if (place is not null)
            {
                undone += await PacketFilter.RemoveAsync(place, intent.Handle, limit);
                await PacketFilter.TidyAsync(place, limit);
            }
            return await ResidueAsync(intent, limit) is { } left ? Left(left) : undone > 0 ? new UndoOutcome.Undone()
                : new UndoOutcome.NothingToUndo(place is null ? PacketFault.Gone(intent.Target) : "neither its rules nor its relay are there");
        }
        catch (FaultException e)
        {
            return Left(e.Message);
        }

        UndoOutcome Left(string what) => new UndoOutcome.Incomplete(what, $"Look for a process {RelayProcess.Verb} {intent.Handle}, and at iptables-save in the network of {intent.Target.Label} for pressure:{intent.Handle}.");
    }

    /// <inheritdoc/>
    public async Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit)
    {
        if (RelayProcess.Find(intent.Handle) is [var relay, ..])
            return $"its relay, process {relay}, still runs";
        using var place = TargetNetworks.Again(intent.Prior);
        if (place is null)
            return null;
        if (intent.Prior["device"]?.GetValue<string>() is { } device)
            return await NetworkDevices.RootAsync(place, device, limit) is { } root && root.Handle == NetworkDevices.QueueOf(intent.Handle) ? $"the device {device} still has queue {root.Handle}" : null;
        return await PacketFilter.ListAsync(place, intent.Handle, limit) is { Count: > 0 and var count } ? $"{count} packet filter rules of {intent.Target.Label} bear its handle" : null;
    }

    /// <summary>New connections go to the relay: those from here, and those that come from outside. One that is open already goes on as it is.</summary>
    internal static IEnumerable<FilterRule> Leading(IpFamily family, PacketScope scope, IReadOnlyList<IPNetwork> peers, int relay)
    {
        var ports = scope.Ports.Count == 0 ? "" : $" -m multiport --dports {string.Join(',', scope.Ports)}";
        var open = scope is { To.Count: 0, Ports.Count: 0 } ? " ! -o lo" : "";
        foreach (var peer in FilterRule.PeersOf(family, peers))
        {
            yield return new(family, "nat", "OUTPUT", $"{(peer is null ? "" : $"-d {peer} ")}-p tcp -m tcp --syn{open}{ports} -m mark ! --mark 0x{TransparentRelay.Mark:x}", $"{Redirect} --to-ports {relay}");
            yield return new(family, "nat", "PREROUTING", $"{(peer is null ? "" : $"-s {peer} ")}-p tcp -m tcp --syn{ports}", $"{Redirect} --to-ports {relay}");
        }
        // Never matches, but with the last rule that needs it the kernel would forget which connections it leads elsewhere.
        yield return new(family, "nat", "OUTPUT", "-m conntrack --ctstate INVALID", "RETURN");
    }

    private async Task<Preparation> LookAsync(FaultTarget target, PacketScope scope, IReadOnlyList<IPNetwork> peers, string method, CancellationToken stop)
    {
        var found = await new TargetNetworks(tools).FindAsync(target, stop);
        if (found is TargetNetworks.Found.Not(var why, var remedy))
            return new Preparation.Refused(why, remedy);
        using var place = ((TargetNetworks.Found.There)found).Place;
        var prior = TargetNetworks.Remember(place);
        prior["to"] = Peers.Write(peers);
        var isWhole = scope is { To.Count: 0, Ports.Count: 0, Direction: Direction.Out } && target is not FaultTarget.Host;
        if (method == ByKernel && !isWhole)
            return new Preparation.Refused("netem delays all that a container sends: it knows neither to nor port nor what comes in.", "Leave them away, or use method: relay.");
        if (method == ByRelay || !isWhole || !await NetworkCapabilities.HasNetemAsync(stop))
        {
            if (method == ByKernel)
                return new Preparation.Refused("This kernel has no netem.", "Use method: relay, which delays TCP connections.");
            return await PacketFilter.HasAsync(place, IpFamily.V4, stop) ? new Preparation.Ready(prior)
                : new Preparation.Refused("The packet filter can't be used here: iptables-save does not work.", "Install iptables (Debian: apt-get install iptables) and run as root.");
        }
        if (await NetworkDevices.MainAsync(place, stop) is not { } device)
            return new Preparation.Refused($"{target.Label} has no network device, or several and none that leads out.", "Use method: relay.");
        if (await NetworkDevices.RootAsync(place, device.Name, stop) is not { IsDefault: true })
            return new Preparation.Refused($"The device {device.Name} has a queue already, which could not be put back as it is.", "Use method: relay.");
        prior["device"] = device.Name;
        return new Preparation.Ready(prior);
    }

    private string Argument(JsonObject arguments, string name) => FaultArguments.Text(Description, arguments, name)!;

    private TimeSpan Span(FaultIntent intent, string name) => FaultArguments.Duration(Argument(intent.Arguments, name)) ?? TimeSpan.Zero;
}
