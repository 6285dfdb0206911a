using System.Runtime.CompilerServices;
using System.Text.Json;
using Pressure.Agent;
using Pressure.Web.Access;
using EnrolmentToken = Pressure.Web.Access.EnrolmentToken;

namespace Pressure.Web.Agents;

/// <summary>A service without an AccessServer.</summary>
internal sealed class NoAgents : IAgentHistory, IAgentDesk
{
    public IReadOnlyList<AgentPresence> Agents => [];

    public bool IsOpen => false;

    public IReadOnlyList<EnrolmentToken> Tokens => [];

    public MadeToken MakeToken(TimeSpan lifetime, string? name, IReadOnlyDictionary<string, string> labels, string askedAs) =>
        throw new InvalidOperationException("Nobody can dial in here.");

    public bool RemoveToken(string id) => false;

    public bool Set(string id, AgentSettings settings) => false;

    public bool Revoke(string id) => false;

    public async IAsyncEnumerable<StoredEntry> FollowAsync(string name, DateTimeOffset from, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.CompletedTask;
        yield break;
    }

    public string? OfferedVersion => null;

    public Task<Frame.Result> UpgradeAsync(string name, CancellationToken stop) => SendAsync(name, "upgrade", null, stop);

    public Task<Frame.Result> SendAsync(string name, string command, JsonElement? body, CancellationToken stop) => Task.FromResult(new Frame.Result(0, "There are no agents."));
}
