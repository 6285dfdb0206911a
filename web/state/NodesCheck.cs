using Pressure.Web.Health;

namespace Pressure.Web.State;

/// <summary>Which nodes there are, and whether this one's lease holds.</summary>
internal sealed class NodesCheck(SharedState state) : IHealthCheck
{
    public string Name => "nodes";

    public Task<HealthFinding> CheckAsync()
    {
        var (own, all) = (state.Nodes.Own, state.Nodes.All);
        if (state.Nodes.IsDisplaced)
            return Said(HealthLevel.Failing, $"another process runs as {own.Id}: give every node a folder of runs of its own, and delete the copied file .node");
        if (!state.Nodes.HoldsLease)
            return Said(HealthLevel.Warning, $"this node ({own.Id}) could not renew its lease");
        var dead = all.Where(n => !n.Alive).ToList();
        var alive = string.Join(", ", all.Where(n => n.Alive).Select(n => $"{n.Id} at {n.Address}"));
        return dead.Count == 0 ? Said(HealthLevel.Ok, $"{all.Count} alive: {alive}") : Said(HealthLevel.Warning, $"{string.Join(", ", dead.Select(n => n.Id))} not heard of any more; alive: {alive}");
    }

    private static Task<HealthFinding> Said(HealthLevel level, string detail) => Task.FromResult(new HealthFinding(level, detail));
}
