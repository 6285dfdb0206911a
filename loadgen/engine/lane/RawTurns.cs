using System.Net.Sockets;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// Reads the answers of raw TCP that is replayed in lock-step: a turn is over when as many bytes have come as the captured answer had, or of Redis as many
/// replies, and all of its own have gone out.
/// </summary>
/// <remarks>
/// What ends a turn, and how it is told:
/// <code>
///   as many bytes as awaited, or more       ok                     what comes with them belongs to this turn
///   as many replies as awaited (Redis)      ok                     however long they are: then bytes are not counted
///   fewer, then silence for <see cref="Quiet"/>      ShortAnswer            the conversation goes on; the time ends with the last byte. Within a reply
///                                                                  that has begun no silence is an end
///   fewer, then the peer closes             ResponseTruncated      the client's later turns are not sent
///   none, and the peer closes               ClosedBeforeResponse   likewise
///   none within the time limit              ResponseTimeout        likewise
/// </code>
/// Bytes that come between two turns are counted as received and thrown away: a protocol that nobody here understands gives no way to tell whose they are. So
/// a longer answer than the captured one may shift what the next turn takes for its own by what arrives after it was sent.
/// </remarks>
internal sealed class RawTurns(LaneBook book, RunClock clock)
{
    /// <summary>After this without a byte, an answer that has begun is taken to be shorter than the captured one.</summary>
    public static readonly TimeSpan UsualQuiet = TimeSpan.FromMilliseconds(200);

    // A fast peer could keep one connection readable for ever.
    private const int ReadsPerTurn = 16;

    private readonly LinkedQueue<Connection> _begun = new();

    /// <summary>How long a silence ends an answer.</summary>
    public TimeSpan Quiet { get; init; } = UsualQuiet;

    /// <summary>When the next answer has been silent for so long that it is over.</summary>
    public TimeSpan NextQuiet => _begun.First is { } first ? first.HeardAt + Quiet : TimeSpan.MaxValue;

    /// <summary>A connection whose answer has been silent for that long, if there is any.</summary>
    public Connection? FirstQuiet(TimeSpan now) => NextQuiet <= now ? _begun.First : null;

    /// <summary>A turn begins.</summary>
    public static void Begin(Connection connection, int awaited, int? replies)
    {
        (connection.Awaited, connection.Received, connection.AwaitedReplies) = (awaited, 0, replies ?? 0);
        if (replies is not null)
            connection.Replies.Clear();
        var iteration = connection.Iteration!;
        iteration.Client!.Speak(iteration.Request);
    }

    /// <summary>For the moment nothing more goes out or comes in: how the turn stands.</summary>
    public ExchangeResult Pause(Connection connection)
    {
        if (IsOver(connection))
            return connection.PeerEnded ? ExchangeResult.Finished : ExchangeResult.Reusable;
        if (connection.Heard && IsOut(connection) && !IsWithinReply(connection))
        {
            connection.HeardAt = clock.Now;
            _begun.Enqueue(connection);
        }

        return ExchangeResult.Pending;
    }

    private static bool IsOut(Connection connection) => connection.Written == connection.Iteration!.Length;

    private static bool IsOver(Connection connection) => HasCome(connection) && IsOut(connection);

    private static bool HasCome(Connection connection) =>
        CountsReplies(connection) ? connection.Replies.Whole >= connection.AwaitedReplies : connection.Received >= connection.Awaited;

    private static bool IsWithinReply(Connection connection) => CountsReplies(connection) && !connection.Replies.IsBetween;

    // What turns out to be something else is counted as bytes.
    private static bool CountsReplies(Connection connection) => connection.AwaitedReplies > 0 && !connection.Replies.IsBroken;

    /// <summary>Reads what has come.</summary>
    public ExchangeResult Read(Connection connection, byte[] buffer, out RequestError error)
    {
        error = RequestError.None;
        for (var reads = 0; reads < ReadsPerTurn; reads++)
        {
            var count = connection.Receive(buffer, out var socketError);
            if (socketError == SocketError.WouldBlock)
                return Pause(connection);
            if (socketError != SocketError.Success || count == 0)
                return End(connection, out error);
            Take(connection, buffer.AsSpan(0, count));
            // A short read has drained the socket, unless the peer's end came with it. A TLS record ends where it ends.
            if (connection.Tls is null && count < buffer.Length && !connection.PeerEnded)
                return Pause(connection);
        }

        return ExchangeResult.Unread;
    }

    /// <summary>Throws away what comes between two turns; false if the connection is over.</summary>
    public bool Discard(Connection connection, byte[] buffer)
    {
        for (var reads = 0; reads < ReadsPerTurn; reads++)
        {
            var count = connection.Receive(buffer, out var socketError);
            if (socketError == SocketError.WouldBlock)
                return true;
            if (socketError != SocketError.Success || count == 0)
                return false;
            if (connection.Owner?.Spoken is { } request)
                book.Read(request, count);
        }

        // What is left is read with the next answer.
        return true;
    }

    private void Take(Connection connection, ReadOnlySpan<byte> piece)
    {
        var iteration = connection.Iteration!;
        book.Read(iteration.Request, piece.Length);
        connection.Received += piece.Length;
        if (connection.AwaitedReplies > 0)
            connection.Replies.Take(piece);
        connection.Body.Write(piece);
        if (connection.Heard)
            return;
        connection.Heard = true;
        if (!IsOver(connection))
            iteration.Phases.Enter(RequestPhase.Receiving, clock.Now);
    }

    private static ExchangeResult End(Connection connection, out RequestError error)
    {
        error = RequestError.None;
        if (IsOver(connection))
            return ExchangeResult.Finished;
        error = connection.Heard ? RequestError.ResponseTruncated : RequestError.ClosedBeforeResponse;
        return ExchangeResult.Failed;
    }
}
