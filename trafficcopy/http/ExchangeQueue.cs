namespace Pressure.TrafficCopy;

/// <summary>To which request a response belongs.</summary>
internal enum Pairing
{
    /// <summary>That is not known yet.</summary>
    Wait,

    /// <summary>To one that is known.</summary>
    Found,

    /// <summary>To none that is known.</summary>
    None,
}

/// <summary>
/// Requests of a connection that wait for their responses. As long as nothing is missing the first response belongs to the first request. Where something is
/// missing, times tell: a client that does not pipeline sends its next request when it has the last response, so a response belongs to the last request
/// before it. That is decided when the client's side is known beyond the response's first byte. Of a client that was seen to pipeline nothing is paired
/// any more.
/// </summary>
internal sealed class ExchangeQueue(ConnectionOutput output, HttpShared shared, MemoryAllowance memory)
{
    /// <summary>How long a server may say nothing at all while its client goes on, before its side is believed not to have been captured.</summary>
    private const long SilentServer = 5_000_000_000;

    private HttpExchange? _first;
    private HttpExchange? _last;
    private int _count;
    private long _clientAt = long.MinValue;
    private bool _requestsMissing;
    private bool _responsesMissing;
    private bool _pipelines;
    private bool _serverSpoke;
    private bool _clientSpeaks;

    /// <summary>The server said something, or something of it is missing.</summary>
    public void ServerSpoke() => (_serverSpoke, _clientSpeaks) = (true, false);

    /// <summary>Until when the client's side is known.</summary>
    public void ClientKnown(long at) => _clientAt = Math.Max(_clientAt, at);

    /// <summary>The client said something, or something of it is missing.</summary>
    public void ClientSpoke() => _clientSpeaks = true;

    /// <summary>The client will say no more.</summary>
    public void ClientFinished() => _clientAt = long.MaxValue;

    /// <summary>Requests may be missing here.</summary>
    public void LoseRequests() => _requestsMissing = true;

    /// <summary>Responses may be missing here.</summary>
    public void LoseResponses() => _responsesMissing = true;

    /// <summary>A request begins. A client that has heard nothing since it spoke before does not wait for responses.</summary>
    public void Begin() => _pipelines |= _clientSpeaks;

    /// <summary>The next request, whose head is known.</summary>
    public void Add(HttpExchange exchange)
    {
        (exchange.HasRequest, exchange.FollowsGap, _requestsMissing) = (true, _requestsMissing, false);
        if (_last is null)
            _first = exchange;
        else
            _last.Next = exchange;
        (_last, _count) = (exchange, _count + 1);
        if (_first is { IsAnswering: false } first && (_count > shared.Options.PendingRequests || !_serverSpoke && exchange.Request.At - first.Request.At > SilentServer))
            GiveUp(first);
    }

    /// <summary>Whose response begins at this time. Not to be waited for any longer, it is nobody's.</summary>
    public Pairing Choose(long at, bool canWait, out HttpExchange? exchange)
    {
        exchange = _first;
        while (exchange is { IsAnswered: true })
            exchange = exchange.Next;
        if (!_responsesMissing && exchange is { FollowsGap: false })
            return Pair(exchange);
        var isKnown = exchange is null && !_responsesMissing && !_requestsMissing;
        exchange = null;
        if (!canWait && _clientAt < long.MaxValue)
        {
            // Its request may still come, and must not take the next response for its own.
            _responsesMissing = true;
            return Pairing.None;
        }
        // Nothing is missing, and nobody waits for it: its request is on its way, or the server speaks of its own accord (408 before it closes).
        if (isKnown)
            return _clientAt == long.MaxValue ? Pairing.None : Pairing.Wait;
        if (_clientAt <= at)
            return Pairing.Wait;
        return ByTime(at, out exchange);
    }

    /// <summary>A response is over.</summary>
    public void Answered(HttpExchange exchange)
    {
        exchange.IsAnswered = true;
        _pipelines |= exchange.Next is { } next && next.Request.At < exchange.Response.LastAt;
        HandOnReady();
    }

    /// <summary>Hands on what is over, in order.</summary>
    public void HandOnReady()
    {
        while (_first is { IsAsked: true, IsAnswered: true } first)
            HandOn(TakeFirst(first), isLast: false);
    }

    /// <summary>Hands on what is left.</summary>
    public void Flush(bool isEnd)
    {
        while (_first is { } first)
        {
            first.LostResponse |= !first.IsAnswered && (_responsesMissing || first.FollowsGap);
            HandOn(TakeFirst(first), isEnd && _first is null);
        }
    }

    /// <summary>Takes one out that is over, after those before it have been handed on; it is the caller's to hand on.</summary>
    public void TakeOut(HttpExchange exchange)
    {
        while (_first is { } first)
        {
            TakeFirst(first);
            if (first == exchange)
                return;
            HandOn(first, isLast: false);
        }
    }

    /// <summary>Hands an exchange on, and takes it back.</summary>
    public void HandOn(HttpExchange exchange, bool isLast)
    {
        var handed = Fill(exchange);
        handed.Marks |= isLast ? ExchangeMarks.Last : ExchangeMarks.None;
        handed.Order = output.TakeOrder();
        output.HandOn(handed);
        shared.Give(exchange, memory);
    }

    /// <summary>What is to be handed on, for now.</summary>
    public CapturedExchange Fill(HttpExchange exchange)
    {
        var (request, response) = (exchange.Request, exchange.Response);
        var handed = shared.Handed;
        handed.Protocol = TrafficProtocol.Http1;
        handed.Marks = exchange.Marks | MarksOf(exchange);
        // 0 means that there is none.
        handed.ResponseAt = response.HasHead ? Math.Max(1, response.At) : 0;
        handed.ResponseEnd = response.HasHead ? Math.Max(1, response.LastAt) : 0;
        handed.At = exchange.HasRequest ? request.At : handed.ResponseAt;
        handed.RequestEnd = exchange.HasRequest ? request.LastAt : handed.ResponseAt;
        (handed.Request, handed.Response) = (request.View, response.View);
        return handed;
    }

    private static ExchangeMarks MarksOf(HttpExchange exchange)
    {
        var (request, response) = (exchange.Request, exchange.Response);
        return (request.IsIncomplete || !exchange.HasRequest || !exchange.IsAsked && exchange.HasRequest ? ExchangeMarks.RequestIncomplete : 0)
            | (response.IsIncomplete || exchange.LostResponse ? ExchangeMarks.ResponseIncomplete : 0)
            | (request.IsCut ? ExchangeMarks.RequestCut : 0)
            | (response.IsCut ? ExchangeMarks.ResponseCut : 0)
            | (request.Head.IsAmbiguous ? ExchangeMarks.Smuggling : 0);
    }

    private Pairing ByTime(long at, out HttpExchange? exchange)
    {
        exchange = null;
        for (var each = _first; each is not null && each.Request.At <= at; each = each.Next)
            exchange = each.IsAnswered ? exchange : each;
        if (exchange is null)
            return Pairing.None;
        var last = exchange;
        for (var each = _first; each != last; each = each!.Next)
            Forget(each!);
        // With something missing on both sides it may belong to a request that is missing after this one.
        if (_pipelines || _responsesMissing && (last.Next?.FollowsGap ?? _requestsMissing))
        {
            Forget(last);
            _responsesMissing = true;
            exchange = null;
        }
        else
        {
            (last.FollowsGap, _responsesMissing) = (false, false);
            Pair(last);
        }
        HandOnReady();
        return exchange is null ? Pairing.None : Pairing.Found;
    }

    private static Pairing Pair(HttpExchange exchange)
    {
        exchange.IsAnswering = true;
        return Pairing.Found;
    }

    private void GiveUp(HttpExchange exchange)
    {
        Forget(exchange);
        _responsesMissing = true;
        HandOnReady();
    }

    private static void Forget(HttpExchange exchange)
    {
        if (!exchange.IsAnswered)
            (exchange.IsAnswered, exchange.LostResponse) = (true, true);
    }

    private HttpExchange TakeFirst(HttpExchange first)
    {
        (_first, _count) = (first.Next, _count - 1);
        _last = _first is null ? null : _last;
        return first;
    }
}
