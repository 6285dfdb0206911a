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
}

/// <summary>Writes requests and reads responses on connected sockets. Counts bytes; knows nothing of pools and steps.</summary>
internal sealed class Exchange(LaneBook book, RunClock clock)
{
    // A fast server could keep one connection readable for ever: others, and the schedule, get their turn in between.
    private const int ReadsPerTurn = 16;

    private readonly byte[] _buffer = GC.AllocateArray<byte>(64 * 1024, pinned: true);

    /// <summary>Begins the connection's request.</summary>
    public ExchangeResult Begin(Connection connection, out RequestError error)
    {
        var request = connection.Iteration!.Request;
        connection.Phase = ConnectionPhase.Busy;
        connection.Written = 0;
        connection.Heard = false;
        connection.Parser.Begin(request.IsHead);
        if (request.Checks.NeedBody)
            connection.Body.Begin(request.Checks);
        return Write(connection, out error);
    }

    /// <summary>Goes on after an event.</summary>
    public ExchangeResult Continue(Connection connection, Readiness ready, out RequestError error)
    {
        error = RequestError.None;
        connection.PeerEnded |= (ready & Readiness.Ended) != 0;
        if ((ready & Readiness.Writable) != 0 && Write(connection, out error) == ExchangeResult.Failed)
            return ExchangeResult.Failed;
        return (ready & Readiness.Readable) != 0 || connection.PeerEnded ? Read(connection, out error) : ExchangeResult.Pending;
    }

    /// <summary>Reads what has come.</summary>
    public ExchangeResult Read(Connection connection, out RequestError error)
    {
        error = RequestError.None;
        for (var reads = 0; reads < ReadsPerTurn; reads++)
        {
            var count = connection.Socket!.Receive(_buffer, SocketFlags.None, out var socketError);
            if (socketError == SocketError.WouldBlock)
                return ExchangeResult.Pending;
            if (socketError != SocketError.Success)
                return Break(connection, out error);
            if (count == 0)
                return End(connection, out error);
            var result = Take(connection, _buffer.AsSpan(0, count), out error);
            if (result != ExchangeResult.Pending)
                return result == ExchangeResult.Reusable ? Reuse(connection, full: count == _buffer.Length) : result;
            // A short read has drained the socket, unless the peer's end came with it.
            if (count < _buffer.Length && !connection.PeerEnded)
                return ExchangeResult.Pending;
        }

        return ExchangeResult.Unread;
    }

    private ExchangeResult Write(Connection connection, out RequestError error)
    {
        error = RequestError.None;
        var iteration = connection.Iteration!;
        var bytes = iteration.Encode();
        while (connection.Written < bytes.Length)
        {
            var now = iteration.IsSent ? default : clock.Now;
            var count = connection.Socket!.Send(bytes[connection.Written..], SocketFlags.None, out var socketError);
            if (socketError == SocketError.WouldBlock)
                break;
            if (socketError != SocketError.Success)
                return FailWrite(connection, out error);
            MarkSent(iteration, now);
            book.Wrote(iteration.Request, count);
            connection.Written += count;
        }

        return ExchangeResult.Pending;
    }

    private void MarkSent(Iteration iteration, TimeSpan now)
    {
        if (iteration.IsSent)
            return;
        iteration.IsSent = true;
        iteration.SentAt = now;
        book.Sent(iteration.Request);
    }

    // A server that refuses a long body answers and closes while it is still being written: its answer counts.
    private ExchangeResult FailWrite(Connection connection, out RequestError error)
    {
        var result = Read(connection, out error);
        if (result is ExchangeResult.Reusable or ExchangeResult.Finished)
            return ExchangeResult.Finished;
        if (!connection.Heard)
            error = RequestError.SendFailed;
        else if (error == RequestError.None)
            error = RequestError.ResponseTruncated;
        return ExchangeResult.Failed;
    }

    private ExchangeResult Take(Connection connection, ReadOnlySpan<byte> piece, out RequestError error)
    {
        connection.Heard = true;
        var request = connection.Iteration!.Request;
        book.Read(request, piece.Length);
        var outcome = connection.Parser.Feed(piece, request.Checks.NeedBody ? connection.Body : null, out var consumed);
        error = outcome switch
        {
            ParseOutcome.Malformed => RequestError.MalformedResponse,
            ParseOutcome.HeadersTooLarge => RequestError.HeadersTooLarge,
            _ => RequestError.None,
        };
        if (error != RequestError.None)
            return ExchangeResult.Failed;
        if (outcome == ParseOutcome.NeedMore)
            return ExchangeResult.Pending;
        // Bytes beyond the response, or a response before the whole request was out: the two sides no longer agree on what comes next.
        var clean = consumed == piece.Length && connection.Written == connection.Iteration.Encode().Length;
        return clean && connection.Parser.Persists ? ExchangeResult.Reusable : ExchangeResult.Finished;
    }

    // An end that was announced with the last bytes will not be announced again; nor will bytes behind a full buffer.
    private ExchangeResult Reuse(Connection connection, bool full)
    {
        if (connection.PeerEnded)
            return ExchangeResult.Finished;
        if (!full)
            return ExchangeResult.Reusable;
        connection.Socket!.Receive(_buffer, SocketFlags.None, out var socketError);
        return socketError == SocketError.WouldBlock ? ExchangeResult.Reusable : ExchangeResult.Finished;
    }

    private static ExchangeResult End(Connection connection, out RequestError error)
    {
        if (connection.Parser.End() != ParseOutcome.Complete)
            return Break(connection, out error);
        error = RequestError.None;
        return ExchangeResult.Finished;
    }

    private static ExchangeResult Break(Connection connection, out RequestError error)
    {
        error = connection.Heard ? RequestError.ResponseTruncated : RequestError.ClosedBeforeResponse;
        return ExchangeResult.Failed;
    }
}
