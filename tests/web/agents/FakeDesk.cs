using System.Text.Json;
using Pressure.Agent;
using Pressure.Web.Agents;
using EnrolmentToken = Pressure.Web.Access.EnrolmentToken;

namespace Pressure.Web.Tests.Agents;

/// <summary>Tokens in memory, for agents in memory.</summary>
internal sealed class FakeDesk(FakeAgents agents) : IAgentDesk
{
    private readonly List<EnrolmentToken> _tokens = [];

    public bool IsOpen { get; set; } = true;

    public IReadOnlyList<EnrolmentToken> Tokens => [.. _tokens];

    public MadeToken MakeToken(TimeSpan lifetime, string? name, IReadOnlyDictionary<string, string> labels, string askedAs)
    {
        if (lifetime <= TimeSpan.Zero || lifetime > TimeSpan.FromDays(30))
            throw new ArgumentException("A token lasts up to 30 days.", nameof(lifetime));
        var token = new EnrolmentToken($"t{_tokens.Count + 1}", name, labels, DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow() + lifetime);
        _tokens.Insert(0, token);
        var text = $"pressure1.secret-of-{token.Id}.pin";
        return new MadeToken(token, text, $"curl --pinnedpubkey 'sha256//cGlu' https://centre:5443/install.sh | sh -s -- --token {text}");
    }

    public bool RemoveToken(string id) => _tokens.RemoveAll(t => t.Id == id) > 0;

    public bool Set(string id, AgentSettings settings)
    {
        if (settings.Every < TimeSpan.FromMilliseconds(100) || settings.Every > TimeSpan.FromMinutes(1) || settings.Heartbeat > TimeSpan.FromMinutes(5))
            throw new ArgumentException("Samples are 100 ms to 1 min apart.", nameof(settings));
        if (agents.Agents.FirstOrDefault(a => a.Id == id) is not { } agent)
            return false;
        agents.Set(agent.Name, a => a with { Settings = settings });
        return true;
    }

    public bool Revoke(string id)
    {
        if (agents.Agents.FirstOrDefault(a => a.Id == id) is not { } agent)
            return false;
        agents.Revoke(agent.Name);
        return true;
    }

    public string? OfferedVersion { get; set; }

    /// <summary>What agents answer to a command.</summary>
    public Func<string, string, JsonElement?, Frame.Result> Answer { get; set; } = (_, _, body) => new Frame.Result(1, null, body);

    public Task<Frame.Result> UpgradeAsync(string name, CancellationToken stop) => SendAsync(name, "upgrade", null, stop);

    public Task<Frame.Result> SendAsync(string name, string command, JsonElement? body, CancellationToken stop) => Task.FromResult(Answer(name, command, body));
}
