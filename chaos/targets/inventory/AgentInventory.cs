using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>What an agent's host has, as the agent lists it.</summary>
/// <param name="host">The agent's name.</param>
/// <param name="ask">Reaches it.</param>
public sealed class AgentInventory(string host, AskAgent ask) : IInventory
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Candidate>> ListAsync(TargetSelector selector, CancellationToken stop)
    {
        try
        {
            return [.. (await AgentExecutor.ListAsync(host, ask, selector.Kind, stop)).Select(CandidateOf)];
        }
        catch (FaultException e)
        {
            throw new InventoryException(e.Message, e);
        }
    }

    // A host goes by its agent's name: that is what selectors know it by.
    private Candidate CandidateOf(InventoryItem item) => new(host, item.Target)
    {
        Name = item.Target is FaultTarget.Host ? host : item.Name,
        Labels = item.Labels,
        Image = item.Image,
        Pid = item.Pid,
        Running = item.Running,
    };
}
