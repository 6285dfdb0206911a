using System.Net;

namespace Pressure.TrafficCopy;

/// <summary>Who speaks.</summary>
public enum Side
{
    /// <summary>The one who opened the connection.</summary>
    Client,

    /// <summary>The other one.</summary>
    Server,
}

/// <summary>How a conversation ended.</summary>
public enum ConversationEnd
{
    /// <summary>Both sides closed it.</summary>
    Closed,

    /// <summary>One side broke it off.</summary>
    Reset,

    /// <summary>Another connection began with the same addresses and ports.</summary>
    Replaced,

    /// <summary>Nothing came for so long that it was given up.</summary>
    Idle,

    /// <summary>The capture ended before it did.</summary>
    CaptureEnded,

    /// <summary>It was given up to keep within the memory's bound.</summary>
    Evicted,
}

/// <summary>A TCP connection as its reassembler sees it begin.</summary>
/// <param name="Id">Number within the capture, from 1, in the order of first packets.</param>
/// <param name="At">Its first packet, in nanoseconds since 1970 (UTC).</param>
/// <param name="Client">Who opened it; without a SYN, a guess (see <paramref name="SawSyn"/>).</param>
/// <param name="Server">The other one.</param>
/// <param name="SawSyn">Whether its beginning was captured. Without, its first bytes may be in the middle of anything, and the sides may be swapped.</param>
public readonly record struct ConversationStart(long Id, long At, IPEndPoint Client, IPEndPoint Server, bool SawSyn);

/// <summary>
/// Takes both directions of one connection, each in order and each byte once. Calls come in the order in which the bytes became known, which between
/// the two directions is almost, but not always, that in which they were sent.
/// </summary>
/// <remarks>
/// <code>
/// packets -> PacketDecoder -> Reassembler -> IConversation (TLS -> inner | HTTP/1 | HTTP/2 | raw) -> IExchangeSink (filter -> mask -> store | replay)
/// </code>
/// </remarks>
public interface IConversation
{
    /// <summary>The next bytes of a side; nothing of them may be kept without copying them.</summary>
    void Take(Side from, ReadOnlySpan<byte> bytes, long at);

    /// <summary>Bytes of a side are missing here for good: what comes next does not join what came before.</summary>
    void Miss(Side from, long bytes, long at);

    /// <summary>A side will say no more (its FIN, in order).</summary>
    void Finish(Side from, long at);

    /// <summary>It is over: hands on what is still held. Nothing comes after this.</summary>
    void End(ConversationEnd how, long at);
}

/// <summary>Makes whoever takes a connection's bytes.</summary>
public interface IConversationOpener
{
    /// <summary>A connection begins.</summary>
    IConversation Open(in ConversationStart start);
}
