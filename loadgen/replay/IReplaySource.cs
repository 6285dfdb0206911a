using System.Buffers;
using Pressure.Record;

namespace Pressure.LoadGen;

/// <summary>
/// Captured traffic made ready to be sent: declared here by the engine, which knows nothing of captures. A plan whose load is <see cref="Load.Replay"/>
/// is run with one of these; its scenarios' requests are the endpoints, for the accounts.
/// </summary>
public interface IReplaySource : IDisposable
{
    /// <summary>
    /// Opens one lane's part: whole clients, so that the parts of all lanes of all shares are disjoint and complete. Called once per lane, before the load begins, with one
    /// share for all of them.
    /// </summary>
    IReplayFeed Open(ReplayPart part);
}

/// <summary>A lane's part of a replay.</summary>
/// <param name="Share">
/// Which of the clients are this engine's. What was due before <see cref="WorkShare.From"/> is left out: somebody else has sent it. A replay as fast as possible has no
/// moments, so nobody can say where a share of it goes on; taken over later, it has nothing to send.
/// </param>
/// <param name="Lane">Which lane of the engine, from 0.</param>
/// <param name="Lanes">Of how many.</param>
/// <param name="RunId">Marks what is sent.</param>
public readonly record struct ReplayPart(WorkShare Share, int Lane, int Lanes, string RunId);

/// <summary>One lane's part of a replay; used by that lane's thread alone, and never blocks.</summary>
public interface IReplayFeed
{
    /// <summary>
    /// When the next request is due, from the start of the load; <see cref="TimeSpan.MaxValue"/> while none is known (the reader is behind, a live source is
    /// silent, or nothing is left). Rising from request to request. <see cref="TimeSpan.Zero"/> in a replay as fast as possible.
    /// </summary>
    TimeSpan NextDue { get; }

    /// <summary>Whether none will come any more.</summary>
    bool IsExhausted { get; }

    /// <summary>Takes the next request. Only when <see cref="NextDue"/> is known.</summary>
    ReplayedRequest Take();

    /// <summary>A request that was taken will never be sent (the run was stopped, it was too late, or its conversation had broken off).</summary>
    void Drop(ReplayedRequest request);

    /// <summary>
    /// The connection of a client without a request under way was closed since the lane had no place left for another client's: its next request opens a new one.
    /// </summary>
    void MadeRoom(long client)
    {
    }
}

/// <summary>A request to be replayed. The engine keeps the order of one client's requests: the next is written when this one is over.</summary>
/// <remarks>Its maker may use it again once it is over or dropped, which is why its properties can be overridden.</remarks>
public abstract class ReplayedRequest
{
    /// <summary>When it is due, from the start of the load.</summary>
    public virtual TimeSpan Due { get; init; }

    /// <summary>Whose it is: one client is one connection at the target, with cookies and values of its own.</summary>
    public virtual long Client { get; init; }

    /// <summary>Its client's last: the connection is closed after it.</summary>
    public virtual bool IsLast { get; init; }

    /// <summary>
    /// It is no request: its client has no more of them (its last one is not replayed), and its connection is closed once those before are over. Neither written
    /// nor counted, and <see cref="Over"/> is not called; whoever took it gives it back with <see cref="IReplayFeed.Drop"/> when the client is forgotten.
    /// </summary>
    public virtual bool IsFarewell => false;

    /// <summary>Its endpoint: position in the plan's requests.</summary>
    public virtual int Endpoint { get; init; }

    /// <summary>
    /// For raw TCP: how many bytes are to be awaited as its answer (0: none); null for HTTP. With nothing to send and something to await the server speaks first.
    /// </summary>
    public virtual int? AwaitedBytes { get; init; }

    /// <summary>
    /// For Redis over raw TCP: how many replies the captured answer was made of; then as many are awaited, however long they are. Null where bytes are counted.
    /// </summary>
    public virtual int? AwaitedReplies { get; init; }

    /// <summary>Bytes that it holds, so that those which wait for their clients' earlier ones do not fill the memory.</summary>
    public virtual int Size => 0;

    /// <summary>
    /// The status that the captured answer had: an answer with it is as expected and does not fail for its status. 0 when not known: then 400 and above fail, as for
    /// any request.
    /// </summary>
    public virtual int ExpectedStatus => 0;

    /// <summary>What of the answer is to be handed to <see cref="Over"/>.</summary>
    public virtual AnswerParts Wanted => AnswerParts.None;

    /// <summary>
    /// Writes the whole request as it goes out, the run's marks included, on the lane's thread, when it is this request's turn: whatever its client has
    /// learnt from earlier answers is known.
    /// </summary>
    /// <param name="to">Takes the bytes.</param>
    /// <param name="traceparent">Value of the traceparent field for it.</param>
    public abstract void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> traceparent);

    /// <summary>It is over. On the lane's thread, before the client's next request is written: has to be quick, and copies what it keeps.</summary>
    public abstract void Over(in ReplayedAnswer answer);
}

/// <summary>What of an answer somebody wants.</summary>
public enum AnswerParts
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Start line and fields.</summary>
    Head,

    /// <summary>Start line, fields and the body (up to a limit of the engine's, as it came: encoded, without chunks).</summary>
    Whole,
}

/// <summary>How a replayed request ended; valid during the call.</summary>
public readonly ref struct ReplayedAnswer
{
    /// <summary>What went wrong, if anything.</summary>
    public RequestError Error { get; init; }

    /// <summary>The answer's status; 0 without an answer, and for raw TCP.</summary>
    public int Status { get; init; }

    /// <summary>When its first byte went out, from the start of the load; the attempt to connect if none did.</summary>
    public TimeSpan SentAt { get; init; }

    /// <summary>When it was over.</summary>
    public TimeSpan EndedAt { get; init; }

    /// <summary>Whether it was sent late only because its client's earlier request was still under way.</summary>
    public bool WasHeld { get; init; }

    /// <summary>Start line and fields, lines ended by CRLF, without an empty line, if wanted; empty for raw TCP.</summary>
    public ReadOnlySpan<byte> Head { get; init; }

    /// <summary>
    /// The body (of raw TCP: what came), if wanted: its first 256 KiB, less when the lane holds too much of other answers at the time.
    /// </summary>
    public ReadOnlySpan<byte> Body { get; init; }

    /// <summary>How long the body was, kept or not; 0 when nothing was wanted.</summary>
    public long BodyLength { get; init; }
}
