using System.Runtime.CompilerServices;
using Pressure.Web.Access;

namespace Pressure.Web.Agents;

/// <summary>A service without an AccessServer.</summary>
internal sealed class NoAgents : IAgentHistory
{
    public IReadOnlyList<AgentPresence> Agents => [];

    public async IAsyncEnumerable<StoredEntry> FollowAsync(string name, DateTimeOffset from, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.CompletedTask;
        yield break;
    }
}
