using System.Net.Sockets;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>The connection that one iteration has open, if any, and what is done on it.</summary>
/// <param name="invoker">Over the handler.</param>
/// <param name="locals">Where TCP connections come from.</param>
/// <param name="onOpenClose">Gets +1 for each TCP connection opened and -1 when it is closed.</param>
/// <param name="onClosed">Told when a connection that was opened is closed.</param>
/// <param name="abort">Ends everything.</param>
internal sealed class SocketVisit(HttpMessageInvoker invoker, LocalEndpoints locals, Action<int> onOpenClose, Action onClosed, CancellationToken abort)
{
    // A peer that does not answer a close has had its time.
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(1);

    private PeerConnection? _peer;

    /// <summary>Whether a connection is open.</summary>
    public bool IsOpen => _peer is not null;

    /// <summary>Whether a request can be made now: a message needs a connection.</summary>
    public bool CanRun(SocketAction? action) => action is not SocketAction.Message || IsOpen;

    /// <summary>Connects, or sends and waits for messages.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="scope">What its templates are filled from; null if it has none.</param>
    /// <param name="trace">Trace ids for a handshake.</param>
    /// <param name="tried">Keeps what a person wants to see; null in a run.</param>
    /// <param name="phases">Times its phases; null if nobody asks.</param>
    public async Task<SocketOutcome> RunAsync(SocketRequest request, IterationScope? scope, TraceId trace, ResponseCopy? tried = null, HandlerPhases? phases = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abort);
        limit.CancelAfter(request.Limit);
        var outcome = request.Action switch
        {
            SocketAction.Message message => await ExchangeAsync(request, message, scope, tried, limit.Token),
            SocketAction.Connect when request.Handshake is null => await ConnectAsync(request, phases, limit),
            SocketAction.Connect connect => await ShakeHandsAsync(request.Handshake, connect, scope, trace, tried, phases, limit.Token),
            _ => throw new InvalidOperationException($"Unknown action {request.Action.GetType().Name}"),
        };
        return abort.IsCancellationRequested && outcome.Error != RequestError.None ? outcome with { Error = RequestError.Stopped } : outcome;
    }

    /// <summary>Closes the connection, if one is open.</summary>
    public async Task CloseAsync()
    {
        if (_peer is not { } peer)
            return;
        _peer = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abort);
        limit.CancelAfter(Goodbye);
        await peer.CloseAsync(limit.Token);
        onClosed();
    }

    private async Task<SocketOutcome> ConnectAsync(SocketRequest request, HandlerPhases? phases, CancellationTokenSource limit)
    {
        if (request.ConnectLimit < request.Limit)
            limit.CancelAfter(request.ConnectLimit);
        try
        {
            var socket = await HandlerConnection.OpenAsync(request.Url.IdnHost, request.Url.Port, locals, phases, limit.Token);
            _peer = new TcpPeer(socket, new CountedStream(socket, onOpenClose)).Open();
            return new(RequestError.None, 0, 0, 0);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return new(e is SocketException s ? HandlerErrors.OfConnect(s.SocketErrorCode) : RequestError.ConnectTimeout, 0, 0, 0);
        }
    }

    private async Task<SocketOutcome> ShakeHandsAsync(HandlerRequest handshake, SocketAction.Connect connect, IterationScope? scope, TraceId trace, ResponseCopy? tried, HandlerPhases? phases, CancellationToken cancel)
    {
        try
        {
            var (socket, outcome) = await WebSocketHandshake.OpenAsync(invoker, handshake, connect.Subprotocols, scope, trace, tried, phases, cancel);
            _peer = socket is null ? null : new WebSocketPeer(socket).Open();
            return new(outcome.Error, outcome.Status, handshake.Length, outcome.BytesReceived);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return new(HandlerErrors.Of(e, heard: false), 0, handshake.Length, 0);
        }
    }

    private async Task<SocketOutcome> ExchangeAsync(SocketRequest request, SocketAction.Message message, IterationScope? scope, ResponseCopy? tried, CancellationToken cancel)
    {
        var (outcome, usable) = await ExchangeAsync(_peer!, request, message, scope, tried, cancel);
        if (!usable)
            await CloseAsync();
        return outcome;
    }

    // Whether the connection can be used on: after a silent peer it can, after a broken connection it can't.
    private static async Task<(SocketOutcome Outcome, bool Usable)> ExchangeAsync(
        PeerConnection peer, SocketRequest request, SocketAction.Message message, IterationScope? scope, ResponseCopy? tried, CancellationToken cancel)
    {
        var sent = message.Send?.Content.Render(scope!) ?? [];
        if (message.Send is { } payload)
        {
            var failed = await SendAsync(peer, sent, payload.IsText, cancel);
            if (failed != RequestError.None)
                return (new(failed, 0, sent.Length, 0), false);
        }

        if (message.Expect is not { } expect)
            return (new(RequestError.None, 0, sent.Length, 0), true);
        var received = await peer.ExpectAsync(request.MatchOf(expect, scope), cancel);
        tried?.TakeMessage(received.Message);
        if (received.Error == RequestError.ExpectationFailed)
            tried?.FailedChecks.Add($"{received.Passed + (received.Passed == 0 ? 1 : 0)} message(s) came, but not the expected one");
        var error = received.Error == RequestError.None && !request.Take(received.Message, scope, tried?.FailedChecks) ? RequestError.ExtractionFailed : received.Error;
        return (new(error, 0, sent.Length, received.Bytes), error is RequestError.None or RequestError.ExtractionFailed or RequestError.ExpectationFailed or RequestError.ResponseTimeout);
    }

    private static async Task<RequestError> SendAsync(PeerConnection peer, byte[] message, bool isText, CancellationToken cancel)
    {
        try
        {
            return await peer.SendAsync(message, isText, cancel);
        }
        catch (OperationCanceledException)
        {
            // The peer takes nothing: half a message is out, and the connection is of no more use.
            return RequestError.SendFailed;
        }
    }
}

/// <summary>How a request on a socket came out.</summary>
/// <param name="Error">What failed.</param>
/// <param name="Status">The status that answered a handshake; 0 for anything else.</param>
/// <param name="BytesSent">Head of the handshake, or the message.</param>
/// <param name="BytesReceived">Likewise; with the messages that were passed over.</param>
internal readonly record struct SocketOutcome(RequestError Error, int Status, long BytesSent, long BytesReceived);
