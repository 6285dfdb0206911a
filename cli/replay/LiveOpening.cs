using Pressure.Cli.ConsoleOutput;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Web.Agents;
using Pressure.Web.Captures;

namespace Pressure.Cli.Replay;

/// <summary>Opens what a plan replays while it passes: an interface of this machine, or agents' hosts.</summary>
internal static class LiveOpening
{
    /// <summary>Whether a plan asks for it.</summary>
    public static bool IsNeeded(LoadPlan plan) => plan.Load is Load.Replay { Order.Live: not null };

    /// <summary>Opens it, and listens for a moment.</summary>
    /// <param name="plan">A replay.</param>
    /// <param name="file">The plan's file, as problems name it.</param>
    /// <param name="service">The agents' service, as typed.</param>
    /// <param name="output">Tells that it listens.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tellsEnd">Whether to say how it ends.</param>
    /// <returns>The replay, to be disposed of, or problems; neither when it was stopped.</returns>
    public static async Task<(PreparedReplay? Prepared, IReadOnlyList<PlanProblem> Problems)> OpenAsync(LoadPlan plan, string file, string? service, RunOutput output, TimeProvider time, bool tellsEnd)
    {
        using var signals = new StopSignals();
        var order = ((Load.Replay)plan.Load).Order;
        try
        {
            var (sources, problems, held) = order.Live!.Agents.Count == 0 ? Here(order, time) : await OfAgentsAsync(order, service, time, signals.Token);
            if (problems.Count > 0)
                return (null, [.. problems.Select(p => new PlanProblem(file, 1, 1, order.Live.Agents.Count == 0 ? "load.replay.live.interface" : "load.replay.live.agents", p.What, p.Remedy))]);
            var prepared = ReplayPreparation.Listen(plan, file, new LiveTraffic(sources, order.Live.Delay, time) { Held = held }, signals.Token, out var wrong);
            if (prepared is not null && order.Duration is null && tellsEnd)
                output.Notice("What passes is replayed until Ctrl-C.");
            return (prepared, wrong);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return (null, []);
        }
        catch (IOException e)
        {
            return (null, [new(file, 1, 1, "load.replay.live", e.Message.TrimEnd('.'), "Start the service that the agents are connected to (./pressure serve), or name it with --service URL.")]);
        }
    }

    private static (IReadOnlyList<ILiveSource> Sources, IReadOnlyList<(string What, string Remedy)> Problems, IDisposable? Held) Here(ReplayOrder order, TimeProvider time)
    {
        var (source, problem) = InterfaceSource.Open(order.Live!, order.Tcp, time);
        return source is null ? ([], [(problem!.What.TrimEnd('.'), problem.Remedy)], null) : ([source], [], null);
    }

    private static async Task<(IReadOnlyList<ILiveSource> Sources, IReadOnlyList<(string What, string Remedy)> Problems, IDisposable? Held)> OfAgentsAsync(ReplayOrder order, string? service, TimeProvider time, CancellationToken stop)
    {
        var remote = await ServiceAgents.ConnectAsync(service, time, stop);
        var (sources, problems) = await AgentSource.OpenAllAsync(order.Live!, order.Tcp, remote.SendAsync, time, stop);
        if (problems.Count == 0)
            return (sources, [], new Connection(remote));
        await remote.DisposeAsync();
        return ([], [.. problems.Select(p => (p.TrimEnd('.'), "Nothing was sent."))], null);
    }

    private sealed class Connection(RemoteAgents remote) : IDisposable
    {
        // Nobody waits for it: what it still asks ends with the process.
        public void Dispose() => _ = remote.DisposeAsync().AsTask();
    }
}
