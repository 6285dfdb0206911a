using System.IO.Pipelines;
using System.Security.Cryptography;
using Pressure.Agent;

namespace Pressure.Web.Access;

/// <summary>Lets agents in: asks for their proof, and puts out those that others have replaced. One per service. Thread-safe.</summary>
internal sealed class AgentDoor(AgentRegistry registry, AccessLimits limits, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly HashSet<AgentSession> _sessions = [];
    private bool _closed;

    /// <summary>The connections of agents that are let in.</summary>
    public IReadOnlyList<AgentSession> Sessions
    {
        get
        {
            lock (_gate)
                return [.. _sessions];
        }
    }

    /// <summary>Speaks with whoever has opened a WebSocket until the connection ends.</summary>
    /// <param name="input">Comes from it.</param>
    /// <param name="output">Goes to it.</param>
    /// <param name="greeted">Is called when the handshake is over.</param>
    /// <param name="abort">Cuts the connection.</param>
    /// <param name="handshake">Ends when the handshake has taken too long.</param>
    public async Task ServeAsync(PipeReader input, PipeWriter output, Action greeted, Action abort, CancellationToken handshake)
    {
        var outgoing = new OutgoingFrames(output, limits.QueueBytes, time);
        var incoming = new IncomingFrames(input, outgoing);
        try
        {
            if (await GreetAsync(incoming, outgoing, abort, handshake) is { } greeting)
            {
                greeted();
                await LiveAsync(greeting.Agent, greeting.Session);
            }
            else
            {
                // The refusal should arrive before the end does.
                await Task.WhenAny(outgoing.DrainAsync(), Task.Delay(TimeSpan.FromSeconds(2), time, handshake));
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It went away, or took too long.
        }
        finally
        {
            incoming.Release();
        }
    }

    /// <summary>Says goodbye to everybody and lets nobody in any more.</summary>
    public async Task CloseAsync(string why)
    {
        lock (_gate)
            _closed = true;
        await Task.WhenAll(Sessions.Select(s => s.EndAsync(new Frame.Goodbye(why))));
    }

    private async Task<Greeting?> GreetAsync(IncomingFrames incoming, OutgoingFrames outgoing, Action abort, CancellationToken handshake)
    {
        var nonce = RandomNumberGenerator.GetBytes(32);
        outgoing.Post(new Frame.Challenge(nonce));
        Frame.Refused refused;
        try
        {
            if (await incoming.NextAsync(handshake) is not { } message)
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
            registry.Change(agent.Record.Id, r => r with { Version = hello.Version, Said = hello.Labels });
        var wanted = agent.Wanted(hello);
        var session = new AgentSession(agent, hello, incoming, outgoing, limits, time, abort);
        lock (_gate)
        {
            if (_closed || _sessions.Count >= limits.Connections)
                return null;
            _sessions.Add(session);
        }
        outgoing.Post(new Frame.Welcome(FrameCodec.Version, agent.Record.Name, wanted, agent.Record.Settings));
        foreach (var old in agent.Attach(session))
            _ = old.EndAsync(new Frame.Refused(RefusalCode.Superseded, "Another process of this agent has connected since."));
        // Revoked while it came in: whoever revoked it has not seen this connection.
        if (registry.ById(agent.Record.Id) != agent)
            _ = session.EndAsync(new Frame.Refused(RefusalCode.Unknown, "The agent's credential has been revoked."));
        return session;
    }

    private async Task LiveAsync(AgentState agent, AgentSession session)
    {
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

    private sealed record Greeting(AgentState Agent, AgentSession Session);
}
