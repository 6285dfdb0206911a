using System.Text.Json;
using System.Text.Json.Serialization;
using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// What agent and AccessServer say to each other, one frame a WebSocket message. A closed set: every kind is nested here.
/// <code>
/// agent                                          AccessServer
///   |  ─── wss://.../agent (TLS, the agent's id) ──▶  |
///   |  ◀── challenge (nonce) ───────────────────────  |
///   |  ─── hello (signature, labels, ring) ────────▶  |
///   |  ◀── welcome (settings, wanted) or refused ───  |
///   |  ─── entries, heartbeat, result, ... ────────▶  |
///   |  ◀── ack, clockAsk, command, settings, ... ───  |
/// </code>
/// See docs/agent-protocol.md.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "frame")]
[JsonDerivedType(typeof(Challenge), "challenge")]
[JsonDerivedType(typeof(Hello), "hello")]
[JsonDerivedType(typeof(Welcome), "welcome")]
[JsonDerivedType(typeof(Refused), "refused")]
[JsonDerivedType(typeof(Heartbeat), "heartbeat")]
[JsonDerivedType(typeof(Entries), "entries")]
[JsonDerivedType(typeof(Ack), "ack")]
[JsonDerivedType(typeof(ClockAsk), "clockAsk")]
[JsonDerivedType(typeof(ClockAnswer), "clockAnswer")]
[JsonDerivedType(typeof(Settings), "settings")]
[JsonDerivedType(typeof(Command), "command")]
[JsonDerivedType(typeof(Cancel), "cancel")]
[JsonDerivedType(typeof(Result), "result")]
[JsonDerivedType(typeof(Goodbye), "goodbye")]
public abstract record Frame
{
    private Frame()
    {
    }

    /// <summary>AccessServer: prove that you hold the key. First frame of a connection.</summary>
    /// <param name="Nonce">32 random bytes, used once.</param>
    public sealed record Challenge(byte[] Nonce) : Frame;

    /// <summary>Agent: who I am. Second frame of a connection.</summary>
    /// <param name="Protocol">Highest version of the protocol that the agent speaks.</param>
    /// <param name="Version">Version of the program.</param>
    /// <param name="Agent">The agent's id from its enrolment.</param>
    /// <param name="Instance">The running process: a new one each time the program starts.</param>
    /// <param name="Replaces">The instance that this one was started by to take its place (an upgrade); null otherwise.</param>
    /// <param name="Signature">ECDSA P-256 with SHA-256 over <see cref="AgentProof"/>'s bytes.</param>
    /// <param name="Labels">Labels of the host: <c>service</c>, <c>env</c>, <c>region</c>, ...</param>
    /// <param name="Ring">The buffer that entries are numbered in; a new one when it had to be begun anew.</param>
    /// <param name="Oldest">Number of the oldest entry still kept.</param>
    /// <param name="Next">Number that the next entry will get.</param>
    public sealed record Hello(int Protocol, string Version, string Agent, Guid Instance, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Guid? Replaces, byte[] Signature, IReadOnlyDictionary<string, string> Labels, Guid Ring, long Oldest, long Next) : Frame;

    /// <summary>AccessServer: come in.</summary>
    /// <param name="Protocol">The version that both speak from here on.</param>
    /// <param name="Name">The host's name as plans have it.</param>
    /// <param name="Wanted">Number of the first entry of the ring that is not stored yet; sending begins there.</param>
    /// <param name="Sampling">How to sample.</param>
    /// <param name="Servers">Where the service can be reached too: <c>https://host:port</c> each, its nodes; null from one that has no others.</param>
    public sealed record Welcome(int Protocol, string Name, long Wanted, AgentSettings Sampling, IReadOnlyList<string>? Servers = null) : Frame;

    /// <summary>AccessServer: no. The connection is closed behind it.</summary>
    /// <param name="Code">Why.</param>
    /// <param name="Why">For people.</param>
    public sealed record Refused(RefusalCode Code, string Why) : Frame;

    /// <summary>Agent: I am alive. A single byte on the wire.</summary>
    public sealed record Heartbeat : Frame;

    /// <summary>Agent: entries of the ring, in order, the first numbered <paramref name="First"/>.</summary>
    public sealed record Entries(long First, IReadOnlyList<AgentEntry> Items) : Frame;

    /// <summary>AccessServer: all entries below <paramref name="Next"/> are on disk and need not be kept.</summary>
    public sealed record Ack(long Next) : Frame;

    /// <summary>AccessServer: what time is it?</summary>
    public sealed record ClockAsk(long Id) : Frame;

    /// <summary>Agent: the host's clock (UTC) when the question came and when the answer went.</summary>
    public sealed record ClockAnswer(long Id, DateTimeOffset Received, DateTimeOffset Sent) : Frame;

    /// <summary>AccessServer: sample like this from now on.</summary>
    /// <param name="Sampling">How to sample.</param>
    /// <param name="Servers">As in <see cref="Welcome"/>; null leaves it as it was.</param>
    public sealed record Settings(AgentSettings Sampling, IReadOnlyList<string>? Servers = null) : Frame;

    /// <summary>AccessServer: do this. Answered by exactly one <see cref="Result"/> with the same id.</summary>
    /// <param name="Id">Unique within the connection.</param>
    /// <param name="Name">What: <c>echo</c>, <c>top</c>, <c>upgrade</c>, ...</param>
    /// <param name="Body">Its arguments.</param>
    public sealed record Command(long Id, string Name, JsonElement? Body = null) : Frame;

    /// <summary>AccessServer: end the command early; its result is still due.</summary>
    public sealed record Cancel(long Id) : Frame;

    /// <summary>Agent: how a command went.</summary>
    /// <param name="Id">The command's.</param>
    /// <param name="Error">What went wrong, for people; null if nothing did.</param>
    /// <param name="Body">What it gave.</param>
    public sealed record Result(long Id, string? Error = null, JsonElement? Body = null) : Frame;

    /// <summary>Either side: this connection ends on purpose (an end of service, an upgrade), so nobody need worry.</summary>
    public sealed record Goodbye(string Why) : Frame;
}

/// <summary>Why an agent is not let in, or is put out.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RefusalCode>))]
public enum RefusalCode
{
    /// <summary>No such agent, a signature that does not fit, or a revoked one: come back only after a new enrolment.</summary>
    Unknown,

    /// <summary>The AccessServer speaks no version of the protocol that the agent does.</summary>
    Protocol,

    /// <summary>A frame that makes no sense, is too long, or comes at the wrong time.</summary>
    Malformed,

    /// <summary>More frames than agreed.</summary>
    Flood,

    /// <summary>Another instance of the same agent has connected since.</summary>
    Superseded,

    /// <summary>Too busy at this moment: try again later.</summary>
    Busy,
}

/// <summary>How an agent samples.</summary>
/// <param name="Every">Time between two samples; 100 ms to 1 min.</param>
/// <param name="Heartbeat">Time between two heartbeats; the AccessServer says after two missing ones that the agent is silent.</param>
/// <param name="Processes">What to watch besides runtimes with a garbage collector: names or patterns with <c>*</c>.</param>
public sealed record AgentSettings(TimeSpan Every, TimeSpan Heartbeat, IReadOnlyList<string> Processes)
{
    /// <summary>Once a second, heartbeats every ten.</summary>
    public static AgentSettings Default { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), []);
}

/// <summary>One entry of an agent's ring: exactly one of both. Offsets within are zero; <see cref="At"/> is the moment.</summary>
/// <param name="At">The host's clock (UTC): the end of a sample's time, the begin of a collection.</param>
/// <param name="Host">A sample.</param>
/// <param name="Gc">A collection.</param>
public sealed record AgentEntry(DateTimeOffset At, HostSample? Host = null, GcEvent? Gc = null);
