using System.Text.Json;
using Pressure.Agent;
using Pressure.Chaos;
using Pressure.Web.Hosting;
using Pressure.Web.State;

namespace Pressure.Web.Access;

/// <summary>
/// Where agents dial in: enrols them, keeps what they send, and sends them commands. It listens on a port of its own; pages and API are elsewhere.
/// Protocol: docs/agent-protocol.md.
/// </summary>
public sealed class AccessServer : IAgentHistory, IAsyncDisposable
{
    private readonly AgentRegistry _registry;
    private readonly AgentDoor _door;
    private readonly AgentListener _listener;
    private readonly SeenFile _seen;
    private readonly AgentFiles _files;
    private readonly ITimer _everySecond;

    private AccessServer(AgentRegistry registry, AgentDoor door, AgentListener listener, SeenFile seen, EnrolmentTokens tokens, AgentFiles files, ServerIdentity identity, TimeProvider time)
    {
        (_registry, _door, _listener, _seen, _files, Tokens, Pin, CurlPin, AuthorityPem) = (registry, door, listener, seen, files, tokens, identity.Pin.Text, identity.Pin.ForCurl, identity.AuthorityPem);
        _everySecond = time.CreateTimer(_ => Tick(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>The port that it listens on.</summary>
    public int Port => _listener.Port;

    /// <summary>Where agents reach it.</summary>
    internal string Address { get; private init; } = "";

    /// <summary>Tokens to enrol hosts with.</summary>
    public EnrolmentTokens Tokens { get; }

    /// <summary>SHA-256 of the service's key (SubjectPublicKeyInfo) in base64url, as in the tokens.</summary>
    public string Pin { get; }

    /// <summary>The same as <c>curl --pinnedpubkey sha256//...</c> wants it: base64.</summary>
    public string CurlPin { get; }

    /// <summary>The authority that enrolled agents trust.</summary>
    public string AuthorityPem { get; }

    /// <inheritdoc/>
    public IReadOnlyList<AgentPresence> Agents => [.. _registry.All.Select(a => a.Presence()).OrderBy(a => a.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Starts listening.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="folder">Where it keeps keys, agents and what they send; made private.</param>
    /// <param name="time">The centre's clock.</param>
    /// <param name="shared">How several nodes change what they all know of agents; null for a single one.</param>
    /// <exception cref="IOException">The address is taken, or the folder or the certificate can't be used; the message says it for people.</exception>
    public static async Task<AccessServer> StartAsync(AccessOptions options, string folder, TimeProvider time, IKeptFiles? shared = null)
    {
        var root = PrivateFolder.Ensure(folder).FullName;
        var identity = ServerIdentities.Of(options, PrivateFolder.Ensure(Path.Combine(root, "authority")).FullName, time);
        var registry = new AgentRegistry(PrivateFolder.Ensure(Path.Combine(root, "agents")).FullName, options.Limits, time, shared);
        var seen = new SeenFile(Path.Combine(root, "seen.json"), registry, time);
        var tokens = new EnrolmentTokens(PrivateFolder.Ensure(Path.Combine(root, "tokens")).FullName, identity.Current.Pin.Text, registry, time, shared);
        var door = new AgentDoor(registry, options.Limits, time);
        var files = new AgentFiles(options.Programs);
        var listener = await AgentListener.StartAsync(options, identity, door, tokens, files, time);
        return new AccessServer(registry, door, listener, seen, tokens, files, identity.Current, time) { Address = options.AddressOn(listener.Port) };
    }

    /// <inheritdoc/>
    public AgentPresence? Find(string name) => _registry.ByName(name)?.Presence();

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredEntry> FollowAsync(string name, DateTimeOffset from, CancellationToken stop) =>
        _registry.ByName(name)?.Log.FollowAsync(from, stop) ?? AsyncEnumerable.Empty<StoredEntry>();

    /// <summary>
    /// Has an agent do something. The result's <see cref="Frame.Result.Error"/> says for people what went wrong, also when the agent is not connected,
    /// goes away or does not answer in time.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> says so; the agent is told.</exception>
    public Task<Frame.Result> SendAsync(string name, string command, JsonElement? body, TimeSpan timeout, CancellationToken stop) =>
        _registry.ByName(name) is { } agent
            ? agent.SendAsync(command, body, timeout, stop)
            : Task.FromResult(new Frame.Result(0, $"No agent is called {name}."));

    /// <summary>Has an agent sample in another way from now on, also after it comes back; false if there is none of that id.</summary>
    /// <exception cref="ArgumentException">The settings are out of range; the message says it for people.</exception>
    /// <exception cref="IOException">They can't be written.</exception>
    public bool Set(string id, AgentSettings settings)
    {
        if (settings.Every < TimeSpan.FromMilliseconds(100) || settings.Every > TimeSpan.FromMinutes(1))
            throw new ArgumentException("Samples are 100 ms to 1 min apart.", nameof(settings));
        if (settings.Heartbeat < TimeSpan.FromSeconds(1) || settings.Heartbeat > TimeSpan.FromMinutes(5))
            throw new ArgumentException("Heartbeats are 1 s to 5 min apart.", nameof(settings));
        if (settings.Processes.Count > 100 || settings.Processes.Any(p => p.Length is 0 or > 200))
            throw new ArgumentException("At most 100 names of processes, of at most 200 characters each.", nameof(settings));
        if (!_registry.Change(id, r => r with { Settings = settings }))
            return false;
        foreach (var session in _registry.ById(id)?.Sessions ?? [])
            session.Post(new Frame.Settings(settings));
        return true;
    }

    /// <summary>Takes an agent's credential away, closes its connection and forgets what it sent (runs keep theirs); false if there is none of that id.</summary>
    /// <exception cref="IOException">It can't be removed; it is enrolled still.</exception>
    public bool Revoke(string id)
    {
        if (_registry.Remove(id) is not { } agent)
            return false;
        foreach (var session in agent.Sessions)
            _ = session.EndAsync(new Frame.Refused(RefusalCode.Unknown, "The agent's credential has been revoked."));
        agent.Log.Delete();
        return true;
    }

    /// <summary>The program that is offered to a host's agent; null if there is none.</summary>
    /// <param name="rid">The host's platform: <c>linux-x64</c>.</param>
    public string? OfferedVersion(string rid = "linux-x64") => _files.Find(rid)?.Version;

    /// <summary>
    /// Has an agent fetch the offered version, start it beside itself and hand over to it; the result comes from the old one when the new one has
    /// proved itself, or says for people why the old one stays.
    /// </summary>
    public Task<Frame.Result> UpgradeAsync(string name, CancellationToken stop) => _files.Find("linux-x64") is { } file
        ? SendAsync(name, "upgrade", JsonSerializer.SerializeToElement(new { version = file.Version, sha256 = file.Sha256 }), TimeSpan.FromMinutes(10), stop)
        : Task.FromResult(new Frame.Result(0, "The service has no agent to offer: run build/agent.sh where it runs."));

    /// <summary>Takes note of what another node has changed of agents and tokens.</summary>
    /// <param name="file">The file, relative to the folder of runs.</param>
    internal void Heard(string file)
    {
        try
        {
            if (SharedPlaces.AgentOf(file) is { } id)
            {
                foreach (var session in _registry.Reload(id)?.Sessions ?? [])
                    _ = session.EndAsync(new Frame.Refused(RefusalCode.Unknown, "The agent's credential has been revoked."));
            }
            else if (file.StartsWith(".access/tokens/", StringComparison.Ordinal))
                Tokens.Reload(file);
        }
        catch (IOException)
        {
            // A file that can't be read is as good as one that has not come; the next change of it is heard again.
        }
    }

    /// <summary>Where agents may dial in: this node and the others. Those that are connected are told when it changes, the others when they come.</summary>
    internal void Tell(IReadOnlyList<string> servers)
    {
        if (_door.Servers.SequenceEqual(servers))
            return;
        _door.Servers = servers;
        foreach (var session in _door.Sessions)
            session.Post(new Frame.Settings(session.Sampling, servers));
    }

    /// <summary>Says goodbye to the agents and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _everySecond.DisposeAsync();
        await _door.CloseAsync("The service ends.");
        _seen.Write();
        await _listener.DisposeAsync();
    }

    private void Tick()
    {
        foreach (var session in _door.Sessions)
            session.Tick();
        _seen.Tick();
        _door.Memory.Tick();
    }

    /// <summary>How long each connected agent has been silent: for measuring.</summary>
    internal IEnumerable<TimeSpan> Silences => _door.Sessions.Select(s => s.Silence);

    /// <summary>Lets an agent in without a token: for measuring.</summary>
    internal string Enrol(string name, byte[] key) =>
        _registry.Enrol(AgentRegistry.NewId(), name, key, new Dictionary<string, string>(), new Dictionary<string, string>(), durable: false)?.Id ?? throw new InvalidOperationException("Too many agents.");
}
