using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>The containers of this machine's engine.</summary>
/// <param name="engine">The engine.</param>
/// <param name="host">The machine's name in selectors.</param>
public sealed class DockerInventory(DockerApi engine, string host = "local") : IInventory
{
    /// <inheritdoc/>
    /// <remarks>A container that is frozen counts as not running: nothing runs in it.</remarks>
    public async Task<IReadOnlyList<Candidate>> ListAsync(TargetSelector selector, CancellationToken stop)
    {
        if (selector.Kind != TargetKind.Container)
            return [];
        try
        {
            return [.. (await DockerContainers.ListAsync(engine, stop)).Select(CandidateOf)];
        }
        catch (DockerException e)
        {
            throw new InventoryException($"The containers of {host} can't be listed. {e.Message}", e);
        }
    }

    private Candidate CandidateOf(ContainerFacts facts) => new(host, facts.Target)
    {
        Name = facts.Name,
        Labels = facts.Labels,
        Image = facts.Image,
        Pid = facts.Pid,
        Running = facts is { Running: true, Paused: false, Restarting: false },
    };
}
