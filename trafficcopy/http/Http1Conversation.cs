namespace Pressure.TrafficCopy;

/// <summary>
/// Takes a connection's bytes apart into HTTP/1.x exchanges. A response whose request is not known yet waits, and so do the client's bytes after a request
/// for an upgrade, since only its response tells what they are.
/// </summary>
/// <remarks>
/// <code>
///   client bytes --> MessageStream -- requests --> ExchangeQueue -- pairs --> ConnectionOutput
///   server bytes --> MessageStream -- responses ------^
/// </code>
/// </remarks>
internal sealed partial class Http1Conversation : IConversation
{
    private readonly ConnectionOutput _output;
    private readonly ConversationOpener _opener;
    private readonly HttpShared _shared;
    private readonly MemoryAllowance _memory;
    private readonly ExchangeQueue _queue;
    private readonly MessageStream _client;
    private readonly MessageStream _server;

    private WaitingBytes? _clientWaits;
    private WaitingBytes? _serverWaits;
    private HttpExchange? _asking;
    private HttpExchange? _answering;
    private bool _isUnpaired;
    private bool _isInterim;
    private bool _awaitsUpgrade;
    private bool _mustNotWait;
    private bool _serverFinished;
    private IConversation? _inner;

    /// <summary>For a connection from its first byte on, or from the middle of something, of which this side was the last to speak.</summary>
    public Http1Conversation(ConnectionOutput output, ConversationOpener opener, HttpShared shared, bool fromMiddle, Side? lastSpeaker)
    {
        (_output, _opener, _shared) = (output, opener, shared);
        _memory = new MemoryAllowance(shared.Options.HeldPerConnection, shared.Memory);
        _queue = new ExchangeQueue(output, shared, _memory);
        _client = new MessageStream(Side.Client, shared, _memory, output.Accounts);
        _server = new MessageStream(Side.Server, shared, _memory, output.Accounts);
        if (fromMiddle)
        {
            OnClient(_client.Lose());
            OnServer(_server.Lose());
        }
        if (lastSpeaker == Side.Client)
            _queue.ClientSpoke();
    }

    /// <inheritdoc/>
    public void Take(Side from, ReadOnlySpan<byte> bytes, long at)
    {
        if (from == Side.Client)
            _queue.ClientKnown(at);
        else
            _queue.ServerSpoke();
        if (!MustWait(from))
            Read(from, ref bytes, at);
        if (!bytes.IsEmpty && !Waiting(from).TryAdd(from, bytes, at))
        {
            WaitNoMore();
            Read(from, ref bytes, at);
            _mustNotWait = false;
        }
        Settle();
    }

    /// <inheritdoc/>
    public void Miss(Side from, long bytes, long at) => Meet(WaitingBytes.Kind.Gap, from, bytes, at);

    /// <inheritdoc/>
    public void Finish(Side from, long at) => Meet(WaitingBytes.Kind.Finish, from, 0, at);

    /// <inheritdoc/>
    public void End(ConversationEnd how, long at)
    {
        // What waited for an upgrade's response waits no more, and all requests are known.
        _awaitsUpgrade = false;
        Settle();
        if (_inner is null)
            Apply(WaitingBytes.Kind.Finish, Side.Client, 0, at);
        Settle();
        if (_inner is null)
            OnServer(_server.Finish(how == ConversationEnd.Closed || _serverFinished));
        _queue.Flush(_inner is null && how is ConversationEnd.Closed or ConversationEnd.Reset);
        Close();
        _inner?.End(how, at);
    }

    /// <summary>A gap, or an end, in its place among what waits.</summary>
    private void Meet(WaitingBytes.Kind kind, Side from, long bytes, long at)
    {
        if (MustWait(from))
        {
            if (Waiting(from).TryAdd(kind, from, bytes, at))
                return;
            WaitNoMore();
            _mustNotWait = false;
        }
        Apply(kind, from, bytes, at);
        Settle();
    }

    private void Apply(WaitingBytes.Kind kind, Side from, long bytes, long at)
    {
        switch (kind, from)
        {
            case (WaitingBytes.Kind.Gap, _) when _inner is { } inner:
                inner.Miss(from, bytes, at);
                break;
            case (WaitingBytes.Kind.Finish, _) when _inner is { } inner:
                inner.Finish(from, at);
                break;
            case (WaitingBytes.Kind.Gap, Side.Client):
                _queue.ClientSpoke();
                OnClient(_client.Miss(bytes));
                break;
            case (WaitingBytes.Kind.Gap, Side.Server):
                _queue.ServerSpoke();
                OnServer(_server.Miss(bytes));
                break;
            case (WaitingBytes.Kind.Finish, Side.Client):
                OnClient(_client.Finish(isWhole: false));
                _queue.ClientFinished();
                break;
            case (WaitingBytes.Kind.Finish, Side.Server):
                OnServer(_server.Finish(isWhole: true));
                _serverFinished = true;
                break;
        }
    }

    private bool MustWait(Side from) => (from == Side.Client ? _clientWaits : _serverWaits) is { IsEmpty: false };

    private WaitingBytes Waiting(Side from) => from == Side.Client ? _clientWaits ??= new WaitingBytes(_memory) : _serverWaits ??= new WaitingBytes(_memory);

    /// <summary>There is no room to wait in: what waits is read as well as it can be.</summary>
    private void WaitNoMore()
    {
        _mustNotWait = MustWait(Side.Client) || MustWait(Side.Server);
        Settle();
        _mustNotWait = true;
    }

    /// <summary>Reads what waits and can be read by now; each side may free the other.</summary>
    private void Settle()
    {
        while (Drain(_clientWaits) | Drain(_serverWaits))
            continue;
    }

    private bool Drain(WaitingBytes? waits)
    {
        var moved = false;
        while (waits is { IsEmpty: false })
        {
            var piece = waits.Peek(out var bytes);
            var rest = bytes;
            if (piece.Kind == WaitingBytes.Kind.Bytes)
                Read(piece.From, ref rest, piece.At);
            else
                Apply(piece.Kind, piece.From, piece.Count, piece.At);
            moved |= bytes.IsEmpty || rest.Length < bytes.Length;
            waits.Advance(bytes.Length - rest.Length);
            if (!rest.IsEmpty)
                break;
        }
        return moved;
    }

    private void Read(Side from, ref ReadOnlySpan<byte> bytes, long at)
    {
        if (_inner is null && from == Side.Client)
            ReadClient(ref bytes, at);
        else if (_inner is null)
            ReadServer(ref bytes, at);
        if (_inner is not { } inner || bytes.IsEmpty)
            return;
        inner.Take(from, bytes, at);
        bytes = default;
    }

    private void Close()
    {
        _clientWaits?.Clear();
        _serverWaits?.Clear();
        _client.Close();
        _server.Close();
        if (_asking is { HasRequest: false } asking)
            _shared.Give(asking, _memory);
        if (_answering is { } answering && _isUnpaired)
            _shared.Give(answering, _memory);
        (_asking, _answering) = (null, null);
    }
}
