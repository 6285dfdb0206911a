using System.Net.Sockets;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>How a request and its response stand after a turn of reading and writing.</summary>
internal enum ExchangeResult
{
    /// <summary>Under way; the next event goes on.</summary>
    Pending,

    /// <summary>There are bytes left that no event will announce: read on in the next turn.</summary>
    Unread,

    /// <summary>The response is complete and the connection may be kept.</summary>
    Reusable,

    /// <summary>The response is complete and the connection is of no more use.</summary>
    Finished,

    /// <summary>Failed; so is the connection.</summary>
    Failed,

    /// <summary>Not begun: the lease has run out.</summary>
    Refused,
}

/// <summary>Writes requests and reads responses on connected sockets. Counts bytes; knows nothing of pools and steps.</summary>
internal sealed class Exchange(LaneBook book, RawTurns raw, LoadLease lease, RunClock clock)
{
    // A fast server could keep one connection readable for ever: others, and the schedule, get their turn in between.
    private const int ReadsPerTurn = 16;

    // Where less than this came in one piece there was room for more, so the socket is drained.
    private const int SmallRecord = 8 * 1024;

    private readonly byte[] _buffer = GC.AllocateArray<byte>(64 * 1024, pinned: true);

    /// <summary>
    /// Begins the connection's request, at <paramref name="now"/>. Every request goes out through here, with a clock that has just been read: a process that wakes up after its
    /// lease has run out sends nothing, whatever it was at.
    /// </summary>
    public ExchangeResult Begin(Connection connection, TimeSpan now, out RequestError error)
    {
        if (lease.IsOver(now))
        {
            error = RequestError.Stopped;
            return ExchangeResult.Refused;
        }

        var iteration = connection.Iteration!;
        connection.Phase = ConnectionPhase.Busy;
        connection.Written = 0;
        connection.Heard = false;
        if (iteration.Client is not null)
            return BeginReplayed(connection, now, out error);
        connection.Parser.Begin(iteration.IsHead);
        if (iteration.LooksIntoAnswer = iteration.Request.Checks.NeedBody)
            connection.Body.Begin(iteration.Request.Checks);
        return Write(connection, now, out error);
    }

    /// <summary>Goes on after an event.</summary>
    public ExchangeResult Continue(Connection connection, Readiness ready, out RequestError error)
    {
        error = RequestError.None;
        connection.PeerEnded |= (ready & Readiness.Ended) != 0;
        if ((ready & Readiness.Writable) != 0 && connection.Written < connection.Iteration!.Length && Write(connection, clock.Now, out error) is var written and not ExchangeResult.Pending)
            return written;
        if ((ready & Readiness.Readable) != 0 || connection.PeerEnded)
            return Read(connection, out error);
        return connection.IsRaw ? raw.Pause(connection) : ExchangeResult.Pending;
    }

    /// <summary>Reads what has come.</summary>
    public ExchangeResult Read(Connection connection, out RequestError error)
    {
        if (connection.IsRaw)
            return raw.Read(connection, _buffer, out error);
        error = RequestError.None;
        for (var reads = 0; reads < ReadsPerTurn; reads++)
        {
            var count = connection.Receive(_buffer, out var socketError);
            if (socketError == SocketError.WouldBlock)
                return ExchangeResult.Pending;
            if (socketError != SocketError.Success)
                return Break(connection, out error);
            if (count == 0)
                return End(connection, out error);
            var result = Take(connection, _buffer.AsSpan(0, count), out error);
            if (result != ExchangeResult.Pending)
                return result == ExchangeResult.Reusable ? Reuse(connection, drained: HasDrained(connection, count)) : result;
            // A short read has drained the socket, unless the peer's end came with it. A TLS record ends where it ends.
            if (connection.Tls is null && count < _buffer.Length && !connection.PeerEnded)
                return ExchangeResult.Pending;
        }

        return ExchangeResult.Unread;
    }

    /// <summary>Whether nothing has come that a connection without a request would have to answer for; a TLS ticket may come at any time.</summary>
    public bool IsQuiet(Connection connection)
    {
        if (connection.IsRaw)
            return raw.Discard(connection, _buffer);
        if (connection.Tls is null)
            return false;
        connection.Receive(_buffer, out var socketError);
        return socketError == SocketError.WouldBlock;
    }

    private ExchangeResult BeginReplayed(Connection connection, TimeSpan now, out RequestError error)
    {
        var iteration = connection.Iteration!;
        var copy = iteration.Client!.CopyAnswer();
        if (iteration.LooksIntoAnswer = copy is not null || iteration.Request.Checks.NeedBody)
            connection.Body.Begin(iteration.Request.Checks, answer: copy);
        if (iteration.Client.Current!.AwaitedBytes is not { } awaited)
        {
            connection.Parser.Begin(iteration.IsHead);
            return Write(connection, now, out error);
        }

        RawTurns.Begin(connection, awaited, iteration.Client.Current.AwaitedReplies);
        if (Write(connection, now, out error) is var written and not ExchangeResult.Pending)
            return written;
        // Where the peer speaks first, nothing was written.
        if (iteration.Length == 0)
        {
            MarkSent(iteration, now);
            iteration.Phases.Enter(RequestPhase.Waiting, now);
        }

        return raw.Pause(connection);
    }

    private ExchangeResult Write(Connection connection, TimeSpan now, out RequestError error)
    {
        error = RequestError.None;
        var iteration = connection.Iteration!;
        var bytes = iteration.Encode();
        while (connection.Written < bytes.Length)
        {
            var count = connection.Send(bytes[connection.Written..], out var socketError);
            if (socketError == SocketError.WouldBlock)
                break;
            if (socketError != SocketError.Success)
                return FailWrite(connection, out error);
            if (connection.Written == 0)
                MarkSent(iteration, now);
            book.Wrote(iteration.Request, count);
            connection.Written += count;
            if (connection.Written == bytes.Length && !connection.Heard)
                iteration.Phases.Enter(RequestPhase.Waiting, now);
        }

        return ExchangeResult.Pending;
    }

    private void MarkSent(Iteration iteration, TimeSpan now)
    {
        iteration.Phases.Enter(RequestPhase.Sending, now);
        if (iteration.IsSent)
            return;
        iteration.IsSent = true;
        iteration.SentAt = now;
        book.Sent(iteration.Request, iteration.DispatchedAt - iteration.Due);
    }

    // A server that refuses a long body answers and closes while it is still being written: its answer counts.
    private ExchangeResult FailWrite(Connection connection, out RequestError error)
    {
        var result = Read(connection, out error);
        if (result is ExchangeResult.Reusable or ExchangeResult.Finished)
            return ExchangeResult.Finished;
        if (!connection.Heard)
            error = error == RequestError.TlsFailed ? error : RequestError.SendFailed;
        else if (error == RequestError.None)
            error = RequestError.ResponseTruncated;
        return ExchangeResult.Failed;
    }

    private ExchangeResult Take(Connection connection, ReadOnlySpan<byte> piece, out RequestError error)
    {
        var isFirst = !connection.Heard;
        connection.Heard = true;
        var request = connection.Iteration!.Request;
        book.Read(request, piece.Length);
        var outcome = connection.Parser.Feed(piece, connection.Iteration.LooksIntoAnswer ? connection.Body : null, out var consumed);
        error = outcome switch
        {
            ParseOutcome.Malformed => RequestError.MalformedResponse,
            ParseOutcome.HeadersTooLarge => RequestError.HeadersTooLarge,
            _ => RequestError.None,
        };
        if (error != RequestError.None)
            return ExchangeResult.Failed;
        if (outcome == ParseOutcome.NeedMore)
        {
            // A response that comes in one piece has no time between its first byte and its last.
            if (isFirst)
                connection.Iteration.Phases.Enter(RequestPhase.Receiving, clock.Now);
            return ExchangeResult.Pending;
        }

        // Bytes beyond the response, or a response before the whole request was out: the two sides no longer agree on what comes next.
        var clean = consumed == piece.Length && connection.Written == connection.Iteration.Length;
        return clean && connection.Parser.Persists ? ExchangeResult.Reusable : ExchangeResult.Finished;
    }

    // An end that was announced with the last bytes will not be announced again; nor will bytes behind a full buffer.
    private ExchangeResult Reuse(Connection connection, bool drained)
    {
        if (connection.PeerEnded)
            return ExchangeResult.Finished;
        if (drained)
            return ExchangeResult.Reusable;
        connection.Receive(_buffer, out var socketError);
        return socketError == SocketError.WouldBlock ? ExchangeResult.Reusable : ExchangeResult.Finished;
    }

    private bool HasDrained(Connection connection, int count) =>
        connection.Tls is { } tls ? count <= SmallRecord && !tls.HasPending : count < _buffer.Length;

    private static ExchangeResult End(Connection connection, out RequestError error)
    {
        if (connection.Parser.End() != ParseOutcome.Complete)
            return Break(connection, out error);
        error = RequestError.None;
        return ExchangeResult.Finished;
    }

    private static ExchangeResult Break(Connection connection, out RequestError error)
    {
        // TLS 1.3 lets a client send before the server has looked at its certificate: the alert comes instead of the response.
        error = connection.Heard ? RequestError.ResponseTruncated
            : connection.Tls is { IsBroken: true } ? RequestError.TlsFailed
            : RequestError.ClosedBeforeResponse;
        return ExchangeResult.Failed;
    }
}
