using System.Collections.Concurrent;
using Pressure.Faults;

namespace Pressure.Agent;

/// <summary>
/// Faults on the agent's host: each controller has an executor process of its own, whose lease is renewed by what comes over the link and by nothing else.
/// When the link is lost, the controller dies, or the agent itself does, the executor reverts.
/// </summary>
/// <param name="folder">The host's state folder.</param>
/// <param name="dockerSocket">The container engine's socket.</param>
public sealed class AgentFaults(string folder, string dockerSocket) : IAsyncDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromMinutes(10), Usual = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, ExecutorProcess> _sessions = new();
    private readonly HashSet<string> _runCommands =
        [.. FaultCatalogue.All(new(TimeProvider.System, dockerSocket, folder)).Where(f => f.Description.RunsCommands).Select(f => f.Description.Kind)];

    /// <summary>Lets go of all executors; what they hold is undone.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions.Keys)
            await DropAsync(session);
    }

    internal async Task<FaultTold> OpenAsync(FaultAsk ask, CancellationToken stop)
    {
        var lease = ask.Lease ?? Usual;
        if (lease < Shortest || lease > Longest)
            throw new FaultException($"A lease of {lease} can't be: {Shortest.TotalSeconds:0} s to {Longest.TotalMinutes:0} min.");
        foreach (var (ended, _) in _sessions.Where(s => s.Value.HasEnded))
            await DropAsync(ended);
        var session = Guid.NewGuid().ToString("N");
        _sessions[session] = await ExecutorProcess.StartAsync(folder, dockerSocket, lease, renewedByCaller: true, stop);
        return new FaultTold { Session = session };
    }

    internal Task<FaultTold> RenewAsync(FaultAsk ask, CancellationToken stop)
    {
        // One whose executor has ended may still ask how that went.
        if (Find(ask) is { } executor)
            executor.Renew();
        return Task.FromResult(new FaultTold { Ends = [.. (ask.Handles ?? []).Select(EndNow).OfType<FaultEnd>()] });

        FaultEnd? EndNow(string handle)
        {
            if (!FaultHandle.IsHandle(handle))
                return null;
            if (Find(ask)?.EndOf(handle) is { } end)
                return end.IsCompletedSuccessfully ? end.Result : null;
            return new FaultJournal(folder).EndOfOrphan(handle, TimeProvider.System.GetUtcNow());
        }
    }

    internal async Task<FaultTold> StartAsync(FaultAsk ask, CancellationToken stop)
    {
        if (ask is not { Handle: { } handle, Order: { } order } || !FaultHandle.IsHandle(handle))
            throw new FaultException("fault.start takes { session, handle, order }.");
        // Its owner has allowed faults on this host, not a shell for whoever reaches the service.
        if (_runCommands.Contains(order.Kind))
            throw new FaultException($"{order.Kind} runs a command, and an agent runs none from afar. Run it on the host itself: pressure chaos fault {order.Kind}.");
        var executor = Find(ask) ?? throw Gone();
        executor.Renew();
        return new FaultTold { Start = await executor.StartAsync(handle, order, stop) };
    }

    internal async Task<FaultTold> EndAsync(FaultAsk ask, CancellationToken stop)
    {
        if (!FaultHandle.IsHandle(ask.Handle))
            throw new FaultException("fault.end takes { session, handle }.");
        if (Find(ask) is not { } executor)
            return await RenewAsync(ask with { Handles = [ask.Handle!] }, stop);
        executor.Renew();
        return new FaultTold { Ends = [await executor.EndAsync(ask.Handle!)] };
    }

    internal async Task<FaultTold> CloseAsync(FaultAsk ask, CancellationToken stop)
    {
        if (ask.Session is { } session)
            await DropAsync(session);
        return new FaultTold();
    }

    internal Task<FaultTold> ListAsync(FaultAsk ask, CancellationToken stop) =>
        Task.FromResult(new FaultTold { Faults = [.. new FaultJournal(folder).Read().OfType<JournalEntry.Known>().Select(k => k.Intent)] });

    internal async Task<FaultTold> InventoryAsync(FaultAsk ask, CancellationToken stop) => new()
    {
        Items = ask.Kind switch
        {
            TargetKind.Container => await ContainersAsync(stop),
            TargetKind.Process => [.. HostProcesses.List().Select(Item)],
            TargetKind.Host => [new(new FaultTarget.Host(Environment.MachineName), Environment.MachineName, new Dictionary<string, string>(), "", 0, true)],
            _ => throw new FaultException("fault.inventory takes { kind }: container, process or host."),
        },
    };

    private static FaultException Gone() => new("There is no such executor (any more): its lease ran out, or the agent was started anew. What it held is undone; open another one.");

    private static InventoryItem Item(HostProcess process) => new(
        new FaultTarget.Process(process.Pid, process.Start, process.Program), process.Program, new Dictionary<string, string> { ["command"] = string.Join(' ', process.Arguments) }, "", process.Pid, true);

    private async Task<IReadOnlyList<InventoryItem>> ContainersAsync(CancellationToken stop)
    {
        using var engine = new DockerApi(dockerSocket);
        return [.. (await DockerContainers.ListAsync(engine, stop)).Select(c => new InventoryItem(c.Target, c.Name, c.Labels, c.Image, c.Pid, c.Running))];
    }

    private ExecutorProcess? Find(FaultAsk ask) => ask.Session is { } session && _sessions.TryGetValue(session, out var executor) && !executor.HasEnded ? executor : null;

    private async Task DropAsync(string session)
    {
        if (_sessions.TryRemove(session, out var executor))
            await executor.DisposeAsync();
    }
}
