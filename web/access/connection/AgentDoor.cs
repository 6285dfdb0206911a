using System.IO.Pipelines;
using System.Security.Cryptography;
using Pressure.Agent;
using Pressure.Web.State;

namespace Pressure.Web.Access;

/// <summary>Lets agents in: asks for their proof, and puts out those that others have replaced. One per service. Thread-safe.</summary>
internal sealed class AgentDoor(AgentRegistry registry, AccessLimits limits, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly HashSet<AgentSession> _sessions = [];
    private bool _closed;

    /// <summary>Where agents may dial in besides the address that they know; empty where there is one service alone.</summary>
    public IReadOnlyList<string> Servers { get; set => Volatile.Write(ref field, value); } = [];

    /// <summary>What handshakes leave behind.</summary>
    public NativeMemory Memory { get; } = new(time);

    /// <summary>The connections of agents that are let in.</summary>
    public IReadOnlyList<AgentSession> Sessions
    {
        get
        {
            lock (_gate)
                return [.. _sessions];
        }
    }

    /// <summary>Lets an agent in on a WebSocket on which nothing has been said yet; null if it is refused, and has been told why.</summary>
    /// <param name="input">Comes from it.</param>
    /// <param name="output">Goes to it; disposing it ends the connection.</param>
    /// <param name="stop">Ends when the handshake has taken too long.</param>
    /// <exception cref="IOException">It went away.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async Task<Greeting?> GreetAsync(PipeReader input, Stream output, CancellationToken stop)
    {
        Memory.Used();
        var outgoing = new OutgoingFrames(output, limits.QueueBytes, time);
        var incoming = new IncomingFrames(input, outgoing);
        if (await GreetAsync(incoming, outgoing, output.Dispose, stop) is { } greeting)
            return greeting;
        incoming.Release();
        // Closing with something unread would take back what was said last.
        using var linger = CancellationTokenSource.CreateLinkedTokenSource(stop);
        linger.CancelAfter(TimeSpan.FromSeconds(1));
        while (await incoming.SkipAsync().AsTask().WaitAsync(linger.Token))
        {
        }
        return null;
    }

    /// <summary>Reads from an agent that was let in until its connection ends.</summary>
    public async Task LiveAsync(Greeting greeting)
    {
        var (agent, session) = greeting;
        string? goodbye = null;
        try
        {
            goodbye = await session.RunAsync();
        }
        finally
        {
            lock (_gate)
                _sessions.Remove(session);
            agent.Detach(session, goodbye);
            session.Commands.End($"The connection to {agent.Record.Name} ended before the answer came.");
        }
    }

    /// <summary>Says goodbye to everybody and lets nobody in any more.</summary>
    public async Task CloseAsync(string why)
    {
        lock (_gate)
            _closed = true;
        await Task.WhenAll(Sessions.Select(s => s.EndAsync(new Frame.Goodbye(why))));
    }

    private async Task<Greeting?> GreetAsync(IncomingFrames incoming, OutgoingFrames outgoing, Action abort, CancellationToken stop)
    {
        var nonce = RandomNumberGenerator.GetBytes(32);
        outgoing.Post(new Frame.Challenge(nonce));
        Frame.Refused refused;
        try
        {
            if (await incoming.NextAsync(stop) is not { } message)
                return null;
            if (FrameCodec.Read(message.Span) is not Frame.Hello hello)
                throw new InvalidDataException("The first frame of an agent is hello.");
            if (Refusal(hello, nonce, out var agent) is { } refusal)
                refused = refusal;
            else if (Enter(agent!, hello, incoming, outgoing, abort) is { } session)
                return new Greeting(agent!, session);
            else
                refused = new Frame.Refused(RefusalCode.Busy, "As many agents are connected as this service takes. Try again later.");
        }
        catch (InvalidDataException e)
        {
            refused = new Frame.Refused(RefusalCode.Malformed, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            refused = new Frame.Refused(RefusalCode.Busy, $"The service can't read or write what it keeps of this agent: {e.Message}");
        }
        outgoing.PostLast(refused);
        return null;
    }

    private Frame.Refused? Refusal(Frame.Hello hello, byte[] nonce, out AgentState? agent)
    {
        agent = null;
        if (hello.Protocol < FrameCodec.Version)
            return new Frame.Refused(RefusalCode.Protocol, $"The agent speaks version {hello.Protocol} of the protocol, this service {FrameCodec.Version} and later. Install the agent anew.");
        if (hello.Version.Length > 64 || hello.Oldest < 0 || hello.Next < hello.Oldest || hello.Next > long.MaxValue / 2)
            return new Frame.Refused(RefusalCode.Malformed, "The version or the numbers of the ring are out of range.");
        if (AgentNames.ProblemOf(hello.Labels) is { } problem)
            return new Frame.Refused(RefusalCode.Malformed, problem);
        agent = registry.ById(hello.Agent);
        // The same words whether there is no such agent or the proof is wrong: who guesses learns nothing.
        if (agent is null || !Proves(hello, nonce, agent.Record.Key))
            return new Frame.Refused(RefusalCode.Unknown, "No agent with this id and key is enrolled here (any more). Enrol the host with a new token.");
        return null;
    }

    private AgentSession? Enter(AgentState agent, Frame.Hello hello, IncomingFrames incoming, OutgoingFrames outgoing, Action abort)
    {
        if (hello.Version != agent.Record.Version || !Same(hello.Labels, agent.Record.Said))
            Note(agent, hello);
        var wanted = agent.Wanted(hello.Ring, hello.Oldest);
        var session = new AgentSession(agent, hello, incoming, outgoing, limits, time, abort);
        lock (_gate)
        {
            if (_closed || _sessions.Count >= limits.Connections)
                return null;
            _sessions.Add(session);
        }
        var welcome = new Frame.Welcome(FrameCodec.Version, agent.Record.Name, wanted, agent.Record.Settings, Servers is { Count: > 0 } servers ? servers : null);
        foreach (var old in agent.Attach(session, welcome))
            _ = old.EndAsync(new Frame.Refused(RefusalCode.Superseded, "Another process of this agent has connected since."));
        // Revoked while it came in: whoever revoked it has not seen this connection.
        if (registry.ById(agent.Record.Id) != agent)
            _ = session.EndAsync(new Frame.Refused(RefusalCode.Unknown, "The agent's credential has been revoked."));
        return session;
    }

    private void Note(AgentState agent, Frame.Hello hello)
    {
        try
        {
            registry.Change(agent.Record.Id, r => r with { Version = hello.Version, Said = hello.Labels });
        }
        catch (DatabaseAwayException)
        {
            // Nobody is kept out because the others can't hear of its version now.
            agent.Record = agent.Record with { Version = hello.Version, Said = hello.Labels };
        }
    }

    private static bool Proves(Frame.Hello hello, byte[] nonce, byte[] key)
    {
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(key, out _);
            return ecdsa.VerifyData(AgentProof.Bytes(nonce, hello.Agent, hello.Instance), hello.Signature, HashAlgorithmName.SHA256);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool Same(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(l => other.TryGetValue(l.Key, out var value) && value == l.Value);

    /// <summary>An agent and its connection.</summary>
    internal sealed record Greeting(AgentState Agent, AgentSession Session);
}
