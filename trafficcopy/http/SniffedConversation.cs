namespace Pressure.TrafficCopy;

/// <summary>
/// Looks at a connection's first bytes until it is clear what it speaks, then hands them and all that follow to whoever reads that. Of a connection whose
/// beginning was not captured each piece is looked at, until one begins something that is known.
/// </summary>
internal sealed class SniffedConversation(ConnectionOutput output, ConversationOpener opener, HttpShared shared) : IConversation
{
    /// <summary>How much is kept of what is not known yet.</summary>
    private const int MostHeld = 64 << 10;

    private readonly MemoryAllowance _memory = new(MostHeld, shared.Memory);
    private HeldBytes _clientStart;
    private HeldBytes _serverStart;
    private WaitingBytes? _waits;
    private IConversation? _inner;
    private bool _clientHeard;
    private bool _serverHeard;
    private Side? _lastSpeaker;
    private bool _fromMiddle = !output.Start.SawSyn;

    /// <summary>Who is to know when the connection is over.</summary>
    public IExchangeSink? EndsConnection { get; init; }

    /// <inheritdoc/>
    public void Take(Side from, ReadOnlySpan<byte> bytes, long at)
    {
        if (_inner is { } inner)
            inner.Take(from, bytes, at);
        else if (!bytes.IsEmpty && _fromMiddle)
            LookInMiddle(from, bytes, at);
        else if (!bytes.IsEmpty)
            LookAtStart(from, bytes, at);
    }

    /// <inheritdoc/>
    public void Miss(Side from, long bytes, long at)
    {
        if (_inner is { } inner)
        {
            inner.Miss(from, bytes, at);
            return;
        }
        // What was kept of the beginning is none without the rest.
        _fromMiddle = true;
        Wait(WaitingBytes.Kind.Gap, from, default, bytes, at);
    }

    /// <inheritdoc/>
    public void Finish(Side from, long at)
    {
        if (_inner is { } inner)
            inner.Finish(from, at);
        else
            Wait(WaitingBytes.Kind.Finish, from, default, 0, at);
    }

    /// <inheritdoc/>
    public void End(ConversationEnd how, long at)
    {
        if (_inner is null && (_clientHeard || _serverHeard))
            Become(Spoken.Other, isSwapped: false);
        Forget();
        _inner?.End(how, at);
        EndsConnection?.EndConnection(output.Start.Id, at);
    }

    private void LookAtStart(Side from, ReadOnlySpan<byte> bytes, long at)
    {
        ref var start = ref from == Side.Client ? ref _clientStart : ref _serverStart;
        var fits = start.Length == 0 || start.TryAdd(bytes, _memory);
        var spoken = fits ? FirstLook.At(from, start.Length == 0 ? bytes : start.Span) : Spoken.Other;
        if (spoken == Spoken.Unknown)
        {
            if (start.Length == 0)
                start.TryAdd(bytes, _memory);
            Wait(WaitingBytes.Kind.Bytes, from, bytes, bytes.Length, at);
            return;
        }
        Become(spoken, isSwapped: false);
        _inner!.Take(from, bytes, at);
    }

    private void LookInMiddle(Side from, ReadOnlySpan<byte> bytes, long at)
    {
        var spoken = FirstLook.InMiddle(bytes, from, out var speaker);
        // Whose connection it is was guessed only where its beginning is missing.
        if (spoken != Spoken.Unknown && (speaker == from || !output.Start.SawSyn))
        {
            Become(spoken, isSwapped: speaker != from);
            _inner!.Take(from, bytes, at);
        }
        else if (FirstLook.AreHttp2Frames(bytes))
        {
            _inner = opener.PassOver(Happening.Http2Undecodable);
            Replay(isAll: true);
            _inner.Take(from, bytes, at);
        }
        else
        {
            Wait(WaitingBytes.Kind.Bytes, from, bytes, bytes.Length, at);
        }
    }

    /// <summary>Keeps a piece until it is clear whose it is.</summary>
    private void Wait(WaitingBytes.Kind kind, Side from, ReadOnlySpan<byte> bytes, long count, long at)
    {
        _clientHeard |= kind == WaitingBytes.Kind.Bytes && from == Side.Client;
        _serverHeard |= kind == WaitingBytes.Kind.Bytes && from == Side.Server;
        _lastSpeaker = kind == WaitingBytes.Kind.Finish ? _lastSpeaker : from;
        if (_fromMiddle && kind != WaitingBytes.Kind.Finish && !shared.Options.KeepRaw)
        {
            output.Accounts.Count(Happening.SkippedBytes, bytes.Length);
            return;
        }
        _waits ??= new WaitingBytes(_memory);
        if (kind == WaitingBytes.Kind.Bytes ? _waits.TryAdd(from, bytes, at) : _waits.TryAdd(kind, from, count, at))
            return;
        // From the middle on so much of one side alone is a large body: what is spoken is told by what follows it.
        if (_fromMiddle && _clientHeard != _serverHeard)
        {
            Replay(isAll: false);
            output.Accounts.Count(Happening.SkippedBytes, bytes.Length);
            return;
        }
        Become(Spoken.Other, isSwapped: false);
        Hand(new WaitingBytes.Piece(kind, from, count, at), bytes);
    }

    private void Become(Spoken spoken, bool isSwapped)
    {
        var marked = _fromMiddle ? output.Within(ExchangeMarks.JoinedLate) : output;
        _inner = opener.OpenSpoken(spoken, isSwapped ? marked.Swapped() : marked, _fromMiddle, isSwapped ? 1 - _lastSpeaker : _lastSpeaker);
        _inner = isSwapped ? new SwappedSides(_inner) : _inner;
        Replay(isAll: !_fromMiddle || spoken == Spoken.Other);
    }

    /// <summary>Hands on what was kept; of what was kept from before anything known began only the ends.</summary>
    private void Replay(bool isAll)
    {
        while (_waits is { IsEmpty: false } waits)
        {
            var piece = waits.Peek(out var bytes);
            if (_inner is not null && (isAll || piece.Kind == WaitingBytes.Kind.Finish))
                Hand(piece, bytes);
            else if (piece.Kind == WaitingBytes.Kind.Bytes)
                output.Accounts.Count(Happening.SkippedBytes, bytes.Length);
            waits.Advance(bytes.Length);
        }
        Forget();
    }

    private void Hand(WaitingBytes.Piece piece, ReadOnlySpan<byte> bytes)
    {
        switch (piece.Kind)
        {
            case WaitingBytes.Kind.Bytes:
                _inner!.Take(piece.From, bytes, piece.At);
                break;
            case WaitingBytes.Kind.Gap:
                _inner!.Miss(piece.From, piece.Count, piece.At);
                break;
            default:
                _inner!.Finish(piece.From, piece.At);
                break;
        }
    }

    private void Forget()
    {
        _waits?.Clear();
        _waits = null;
        _clientStart.Clear(_memory);
        _serverStart.Clear(_memory);
    }
}
