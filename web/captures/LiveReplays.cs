using System.Text.Json;
using Pressure.Agent;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Web.Access;
using Pressure.Web.Agents;

namespace Pressure.Web.Captures;

/// <summary>Plans that the service runs and that replay what passes agents' hosts meanwhile.</summary>
internal sealed class LiveReplays(IAgentHistory history, IAgentDesk agents, CaptureDesk captures, TimeProvider time)
{
    // Who it was stands in the run.
    private const string By = "live replay";

    /// <summary>Whether a plan asks for it.</summary>
    public static bool IsNeeded(LoadPlan plan) => plan.Load is Load.Replay { Order.Live: not null };

    /// <summary>Has the agents capture, and listens for a moment. Each is noted in the audit log before.</summary>
    /// <param name="plan">A replay.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The replay, to be disposed of, or problems.</returns>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<(PreparedReplay? Prepared, IReadOnlyList<PlanProblem> Problems)> OpenAsync(LoadPlan plan, CancellationToken stop)
    {
        var order = ((Load.Replay)plan.Load).Order;
        var missing = order.Live!.Agents.Where(a => history.Find(a) is null).ToList();
        if (missing.Count > 0)
            return (null, [.. missing.Select(a => Problem($"there is no agent '{a}'", $"There are: {(history.Agents.Count == 0 ? "none" : string.Join(", ", history.Agents.Take(20).Select(k => k.Name)))}."))]);
        var ask = JsonSerializer.SerializeToElement(AgentSource.AskOf(order.Live, order.Tcp), CaptureCommandJson.Default.CaptureAsk);
        foreach (var agent in order.Live.Agents)
        {
            if (await captures.AuditAsync(agent, ask, By, stop) is { } unwritten)
                return (null, [Problem(unwritten.TrimEnd('.'), "Nothing was captured.")]);
        }

        var (sources, problems) = await AgentSource.OpenAllAsync(order.Live, order.Tcp, AskAsync, time, stop);
        if (problems.Count > 0)
            return (null, [.. problems.Select(p => Problem(p.TrimEnd('.'), "Nothing was sent."))]);
        // It waits, on a thread that nobody else needs.
        return await Task.Run(
            () => (ReplayPreparation.Listen(plan, "plan", new LiveTraffic(sources, order.Live.Delay, time), stop, out var wrong), wrong),
            CancellationToken.None);
    }

    private async Task<(JsonElement? Body, string? Error)> AskAsync(string agent, string command, JsonElement? body, CancellationToken stop)
    {
        var result = await agents.SendAsync(agent, command, body, stop);
        return (result.Body, result.Error);
    }

    private static PlanProblem Problem(string what, string remedy) => new("plan", 1, 1, "load.replay.live.agents", what, remedy);
}
