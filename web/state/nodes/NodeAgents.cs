using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pressure.Web.Access;
using Pressure.Web.Agents;

namespace Pressure.Web.State;

/// <summary>
/// The agents of all nodes: those that dial in here, and, over their nodes' API, those that dial in elsewhere. Another node that asks is told of this one's own
/// alone, so that no question goes round. Thread-safe.
/// </summary>
internal sealed class NodeAgents(SharedState state, AccessServer? own, IHttpContextAccessor request, TimeProvider time) : IAgentHistory, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Met> _met = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<AgentPresence> Agents
    {
        get
        {
            var here = own?.Agents ?? [];
            if (IsAskedByNode || _met.IsEmpty)
                return here;
            // A host that is enrolled at several nodes is where it is connected.
            return [.. here.Concat(_met.Values.SelectMany(m => m.Agents.Agents)).GroupBy(a => a.Name, StringComparer.OrdinalIgnoreCase)
                .Select(g => g.FirstOrDefault(a => a.Connected) ?? g.First()).OrderBy(a => a.Name, StringComparer.OrdinalIgnoreCase)];
        }
    }

    private bool IsAskedByNode => request.HttpContext?.Request.Headers.ContainsKey(Forwarding.Mark) == true;

    /// <inheritdoc/>
    public AgentPresence? Find(string name)
    {
        var here = own?.Find(name);
        return here is { Connected: true } || IsAskedByNode ? here : _met.Values.Select(m => m.Agents.Find(name)).FirstOrDefault(a => a is { Connected: true }) ?? here ?? _met.Values.Select(m => m.Agents.Find(name)).FirstOrDefault(a => a is not null);
    }

    /// <summary>The node at which an agent is; null if that is this one, or nobody knows it.</summary>
    public NodeStanding? NodeOf(string name)
    {
        var met = Elsewhere(name);
        return met is null ? null : state.Nodes.Living(met.Node.Id, met.Node.Incarnation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredEntry> FollowAsync(string name, DateTimeOffset from, [EnumeratorCancellation] CancellationToken stop)
    {
        // A stream of another node that breaks off ends here too; whoever follows an agent takes it up again.
        var entries = IsAskedByNode || Elsewhere(name) is not { } met ? own?.FollowAsync(name, from, stop) : met.Agents.FollowAsync(name, from, stop);
        if (entries is null)
            yield break;
        await foreach (var entry in entries.WithCancellation(stop))
            yield return entry;
    }

    /// <summary>Has an agent do something, wherever it is: what it gave, or what went wrong, for people.</summary>
    public async Task<(JsonElement? Body, string? Error)> SendAsync(string name, string command, JsonElement? body, TimeSpan longest, CancellationToken stop)
    {
        if (Elsewhere(name) is { } met)
            return await met.Agents.SendAsync(name, command, body, stop);
        if (own is null)
            return (null, $"No agent is called {name}.");
        var result = await own.SendAsync(name, command, body, longest, stop);
        return (result.Body, result.Error);
    }

    /// <summary>Gets to know the agents of nodes that have come, and forgets those of nodes that are gone.</summary>
    /// <exception cref="IOException">A node does not tell its agents; the others are known.</exception>
    public async Task MeetAsync(CancellationToken stop)
    {
        var others = state.Nodes.All.Where(n => n.Alive && n.Id != state.Nodes.Own.Id).ToDictionary(n => n.Id);
        foreach (var (id, met) in _met)
        {
            if (others.GetValueOrDefault(id)?.Incarnation == met.Node.Incarnation || !_met.TryRemove(id, out _))
                continue;
            await met.Agents.DisposeAsync();
        }
        List<string> silent = [];
        foreach (var node in others.Values.Where(n => !_met.ContainsKey(n.Id)))
        {
            try
            {
                _met[node.Id] = new(node, await RemoteAgents.ConnectAsync(new Uri(node.Address), state.Nodes.Own.Id, time, stop));
            }
            catch (IOException e)
            {
                silent.Add(e.Message);
            }
        }
        if (silent.Count > 0)
            throw new IOException(string.Join(" ", silent));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var met in _met.Values)
            await met.Agents.DisposeAsync();
        _met.Clear();
    }

    private Met? Elsewhere(string name)
    {
        var here = own?.Find(name);
        if (here is { Connected: true })
            return null;
        return _met.Values.FirstOrDefault(m => m.Agents.Find(name) is { Connected: true }) ?? (here is null ? _met.Values.FirstOrDefault(m => m.Agents.Find(name) is not null) : null);
    }

    private sealed record Met(NodeStanding Node, RemoteAgents Agents);
}
