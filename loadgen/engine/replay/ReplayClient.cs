using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// One client of a replay in its lane: it has at most one request under way, one connection of its own, and those of its requests that have to wait
/// for the one before. Used again for another client.
/// </summary>
internal sealed class ReplayClient(ReplayClients clients)
{
    private readonly Queue<ReplayedRequest> _held = new(0);
    private ReplayedRequest? _farewell;
    private PreparedRequest? _spoken;
    private AnswerCopy? _answer;
    private bool _isBroken;

    /// <summary>Whose requests these are.</summary>
    public long Id { get; private set; }

    /// <summary>The request whose turn it is, or which is under way.</summary>
    public ReplayedRequest? Current { get; private set; }

    /// <summary>Whether that one had to wait for the one before.</summary>
    public bool WasHeld { get; private set; }

    /// <summary>Its connection; null while it has none.</summary>
    public Connection? Connection { get; set; }

    /// <summary>Its last request has been taken.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Whether it is kept in mind though it has nothing to do, since its conversation broke off.</summary>
    public bool IsRemembered { get; set; }

    /// <summary>How many of its requests wait.</summary>
    public int Held => _held.Count;

    /// <summary>
    /// Whether it has had a conversation over raw TCP that is over before its end, since its connection is gone or a turn was left out: what comes later would
    /// mean something else.
    /// </summary>
    public bool IsBroken => _isBroken || (_spoken is not null && Connection is null);

    /// <summary>Whether its current turn belongs to such a conversation.</summary>
    public bool IsCutOff => IsBroken && Current is { AwaitedBytes: not null };

    /// <summary>The last request that it made over raw TCP; null if there was none.</summary>
    public PreparedRequest? Spoken => _spoken;

    /// <summary>Takes this object for a client.</summary>
    public void Begin(long id) => (Id, HasEnded, WasHeld, IsRemembered) = (id, false, false, false);

    /// <summary>Makes a request the one whose turn it is.</summary>
    public void Next(ReplayedRequest request, bool wasHeld) => (Current, WasHeld) = (request, wasHeld);

    /// <summary>Lets a request wait for the one before.</summary>
    public void Hold(ReplayedRequest request) => _held.Enqueue(request);

    /// <summary>Takes the request that has waited longest.</summary>
    public bool TryRelease(out ReplayedRequest request) => _held.TryDequeue(out request!);

    /// <summary>The current request is over, or was given up.</summary>
    public void Rest() => Current = null;

    /// <summary>No request will come any more; what says so is given back when the client is forgotten.</summary>
    public void Leave(ReplayedRequest farewell) => (_farewell, HasEnded) = (farewell, true);

    /// <summary>Writes the current request as it goes out.</summary>
    public void Write(ByteBuffer to, in TraceId trace)
    {
        Span<byte> traceparent = stackalloc byte[RequestHeaders.TracePlaceholder.Length];
        "00-00000000000000000000000000000000-0000000000000000-01"u8.CopyTo(traceparent);
        trace.WriteTo(traceparent[3..^3]);
        to.Truncate(0);
        Current!.Write(to, traceparent);
    }

    /// <summary>What is to be kept of the current request's answer; null for nothing.</summary>
    public AnswerCopy? CopyAnswer()
    {
        var wanted = Current!.Wanted;
        if (wanted == AnswerParts.None)
            return null;
        _answer ??= clients.Copies.Rent();
        _answer.Begin(wanted);
        return _answer;
    }

    /// <summary>A turn over raw TCP begins.</summary>
    public void Speak(PreparedRequest request) => _spoken = request;

    /// <summary>The current request was sent, and is over.</summary>
    public void Over(RequestError error, int status, TimeSpan sentAt, TimeSpan endedAt)
    {
        var answer = new ReplayedAnswer
        {
            Error = error,
            Status = status,
            SentAt = sentAt,
            EndedAt = endedAt,
            WasHeld = WasHeld,
            Head = _answer is null ? default : _answer.Head,
            Body = _answer is null ? default : _answer.Body,
            BodyLength = _answer?.BodyLength ?? 0,
        };
        Current!.Over(answer);
        ReturnAnswer();
    }

    /// <summary>The current request will not be sent.</summary>
    public void Drop()
    {
        LeaveOut(Current!);
        ReturnAnswer();
    }

    /// <summary>A request of the client's will not be sent.</summary>
    public void LeaveOut(ReplayedRequest request)
    {
        _isBroken |= request.AwaitedBytes is not null;
        clients.Feed.Drop(request);
    }

    /// <summary>Its connection is gone.</summary>
    public void Lose()
    {
        Connection = null;
        clients.Settle(this);
    }

    /// <summary>Its connection had to make room for another client's.</summary>
    public void MakeRoom() => clients.Feed.MadeRoom(Id);

    /// <summary>Readies this object for another client.</summary>
    public void Forget()
    {
        if (_farewell is { } farewell)
            clients.Feed.Drop(farewell);
        (_farewell, _spoken, _isBroken) = (null, null, false);
    }

    private void ReturnAnswer()
    {
        if (_answer is null)
            return;
        clients.Copies.Return(_answer);
        _answer = null;
    }
}
