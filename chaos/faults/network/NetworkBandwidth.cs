using System.Globalization;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>
/// A narrow wire: a token bucket (tbf) at the root of the target's device for what it sends, and at the other end of its wire, in the host's network, for what it
/// receives.
/// </summary>
internal sealed class NetworkBandwidth(FaultTools tools) : IFault
{
    private const string Rate = "rate";

    /// <inheritdoc/>
    public FaultDescription Description { get; } = new()
    {
        Kind = "network-bandwidth",
        Summary = "Limits how much a target can send and receive over its network device; undone by putting back the device's default queue.",
        Target = TargetKind.Container,
        AlsoTargets = [TargetKind.Process],
        Parameters =
        [
            new(Rate, ParameterType.BitRate, "bits per second in each direction (1mbit)"),
            PacketScope.DirectionParameter with { Summary = "what is limited: in (what the target receives), out (what it sends), both" },
        ],
    };

    /// <inheritdoc/>
    public async Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop)
    {
        List<string> problems = [.. FaultArguments.Problems(Description, order.Arguments)];
        if (problems.Count > 0)
            return PacketFault.Refused(problems);
        var scope = PacketScope.Read(Description, order.Arguments, problems);
        if (RateOf(order.Arguments) < 8_000)
            problems.Add("A rate below 8kbit lets single packets wait for seconds, which is a partition: use network-partition.");
        if (order.Target is FaultTarget.Host)
            problems.Add("A host's device carries whatever it is reached by: limit containers on it.");
        if (problems.Count > 0)
            return PacketFault.Refused(problems);
        try
        {
            return await LookAsync(order.Target, scope.Direction, stop);
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
        using var host = NetworkPlace.OfThisProcess();
        string[] bucket = ["tbf", "rate", $"{RateOf(intent.Arguments)}bit", "burst", $"{Burst(RateOf(intent.Arguments))}", "latency", "400ms"];
        if (Name(intent, "device") is { } device)
            await NetworkDevices.SetRootAsync(place, device, intent.Handle, bucket, stop);
        if (Name(intent, "peer") is { } peer)
            await NetworkDevices.SetRootAsync(host, peer, intent.Handle, bucket, stop);
    }

    /// <inheritdoc/>
    public async Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit)
    {
        try
        {
            var undone = false;
            await EachAsync(intent, async (place, device) => undone |= await NetworkDevices.ClearRootAsync(place, device, intent.Handle, limit));
            return undone ? new UndoOutcome.Undone() : new UndoOutcome.NothingToUndo("none of its queues is there");
        }
        catch (FaultException e)
        {
            return new UndoOutcome.Incomplete(e.Message, $"In the network of {intent.Target.Label} and of the host: tc qdisc del dev DEVICE root handle {NetworkDevices.QueueOf(intent.Handle)}");
        }
    }

    /// <inheritdoc/>
    public async Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit)
    {
        string? left = null;
        await EachAsync(intent, async (place, device) =>
        {
            if (await NetworkDevices.RootAsync(place, device, limit) is { } root && root.Handle == NetworkDevices.QueueOf(intent.Handle))
                left = $"the device {device} is still limited by queue {root.Handle}";
        });
        return left;
    }

    private static async Task EachAsync(FaultIntent intent, Func<NetworkPlace, string, Task> deed)
    {
        using var place = TargetNetworks.Again(intent.Prior);
        using var host = NetworkPlace.OfThisProcess();
        if (place is not null && Name(intent, "device") is { } device)
            await deed(place, device);
        if (Name(intent, "peer") is { } peer)
            await deed(host, peer);
    }

    private async Task<Preparation> LookAsync(FaultTarget target, Direction direction, CancellationToken stop)
    {
        var found = await new TargetNetworks(tools).FindAsync(target, stop);
        if (found is TargetNetworks.Found.Not(var why, var remedy))
            return new Preparation.Refused(why, remedy);
        var place = ((TargetNetworks.Found.There)found).Place;
        using (place)
        {
            if (await NetworkDevices.MainAsync(place, stop) is not { } device)
                return new Preparation.Refused($"{target.Label} has no network device, or several and none that leads out.", "Choose another target.");
            var prior = TargetNetworks.Remember(place);
            if (direction != Direction.In)
            {
                if (Busy(await NetworkDevices.RootAsync(place, device.Name, stop), device.Name) is { } busy)
                    return busy;
                prior["device"] = device.Name;
            }
            if (direction != Direction.Out)
            {
                using var host = NetworkPlace.OfThisProcess();
                if ((await NetworkDevices.ListAsync(host, stop)).FirstOrDefault(d => d.Index == device.Peer && d.Peer == device.Index) is not { } peer)
                    return new Preparation.Refused($"The other end of {device.Name} is not on this host, so what {target.Label} receives can't be limited.", "Use direction: out.");
                if (Busy(await NetworkDevices.RootAsync(host, peer.Name, stop), peer.Name) is { } busy)
                    return busy;
                prior["peer"] = peer.Name;
            }
            return new Preparation.Ready(prior);
        }
    }

    private static Preparation.Refused? Busy(RootQueue? root, string device) => root switch
    {
        null => new Preparation.Refused($"The queue of the device {device} can't be read: tc does not work.", "Install iproute2 and run as root."),
        { IsDefault: true } => null,
        _ => new Preparation.Refused($"The device {device} has a queue already ({root.Kind} {root.Handle}), which could not be put back as it is.", "Take it away first, or wait until the fault that put it there is over."),
    };

    private long RateOf(JsonObject arguments) => FaultArguments.BitRate(FaultArguments.Text(Description, arguments, Rate))!.Value;

    /// <summary>What may pass at once: a hundredth of a second's worth, but two packets at least.</summary>
    private static string Burst(long rate) => Math.Max(3_200, rate / 800).ToString(CultureInfo.InvariantCulture);

    private static string? Name(FaultIntent intent, string key) => intent.Prior[key]?.GetValue<string>();
}
