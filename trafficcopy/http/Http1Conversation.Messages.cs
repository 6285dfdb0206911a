namespace Pressure.TrafficCopy;

/// <content>What messages mean for one another.</content>
internal sealed partial class Http1Conversation
{
    private void ReadClient(ref ReadOnlySpan<byte> bytes, long at)
    {
        while (!bytes.IsEmpty || _client.HasBeginning)
        {
            if (_client.IsBetween && !TryBeginRequest(ref bytes, at))
                return;
            var before = bytes.Length;
            OnClient(_client.Read(ref bytes, at));
            if (bytes.Length < before)
                _queue.ClientSpoke();
        }
    }

    private bool TryBeginRequest(ref ReadOnlySpan<byte> bytes, long at)
    {
        if (!_client.TryPassEmptyLines(ref bytes))
        {
            OnClient(_client.Lose());
            return true;
        }
        if (bytes.IsEmpty && !_client.HasBeginning || _awaitsUpgrade && !_mustNotWait)
            return false;
        _asking = _shared.Take();
        _queue.Begin();
        _client.Begin(_asking.Request, at);
        return true;
    }

    private void OnClient(StreamEvent what)
    {
        switch (what)
        {
            case StreamEvent.Head:
                OnRequestHead(_asking!);
                break;
            case StreamEvent.End:
                EndRequest();
                break;
            case StreamEvent.Lost:
                if (_asking is { HasRequest: false, Request.HasHead: true } partial)
                    _queue.Add(partial);
                EndRequest();
                _queue.LoseRequests();
                break;
        }
    }

    private void OnRequestHead(HttpExchange exchange)
    {
        _queue.Add(exchange);
        ref var head = ref exchange.Request.Head;
        _awaitsUpgrade = head.Upgrades || head.Method == MethodKind.Connect;
        OnClient(_client.BeginBody(head switch
        {
            { Coding: Coding.Chunked } => BodyEnd.Chunked,
            { Coding: Coding.Unknown } or { IsLengthBad: true } => BodyEnd.Unknown,
            { Length: > 0 } => BodyEnd.Length,
            _ => BodyEnd.None,
        }));
    }

    private void EndRequest()
    {
        _client.Leave();
        if (_asking is not { } exchange)
            return;
        _asking = null;
        exchange.IsAsked = true;
        if (exchange.HasRequest)
            _queue.HandOnReady();
        else
            _shared.Give(exchange, _memory);
    }

    private void ReadServer(ref ReadOnlySpan<byte> bytes, long at)
    {
        while (_inner is null && (!bytes.IsEmpty || _server.HasBeginning))
        {
            if (_server.IsBetween && !TryBeginResponse(ref bytes, at))
                return;
            OnServer(_server.Read(ref bytes, at));
        }
    }

    private bool TryBeginResponse(ref ReadOnlySpan<byte> bytes, long at)
    {
        if (!_server.TryPassEmptyLines(ref bytes))
        {
            OnServer(_server.Lose());
            return true;
        }
        if (bytes.IsEmpty && !_server.HasBeginning)
            return false;
        // After a response 1xx it is known whose the next one is.
        if (_answering is null)
        {
            var pairing = _queue.Choose(_server.BeginsAt(at), !_mustNotWait, out _answering);
            if (pairing == Pairing.Wait)
                return false;
            _isUnpaired = pairing == Pairing.None;
            _answering ??= _shared.Take();
        }
        _server.Begin(_answering.Response, at);
        return true;
    }

    private void OnServer(StreamEvent what)
    {
        switch (what)
        {
            case StreamEvent.Head:
                OnResponseHead(_answering!);
                break;
            case StreamEvent.End when _isInterim:
                _server.Leave();
                _answering!.Response.Clear(_memory);
                break;
            case StreamEvent.End:
                EndResponse();
                break;
            case StreamEvent.Lost:
                EndResponse();
                _queue.LoseResponses();
                break;
        }
    }

    private void OnResponseHead(HttpExchange exchange)
    {
        ref var head = ref exchange.Response.Head;
        ref var asked = ref exchange.Request.Head;
        _isInterim = head.Status is >= 100 and < 200 and not 101;
        if (!_isInterim)
            _awaitsUpgrade &= !(asked.Upgrades || asked.Method == MethodKind.Connect || _isUnpaired);
        if (head.Status == 101 || asked.Method == MethodKind.Connect && head.Status is >= 200 and < 300)
            exchange.Marks |= ExchangeMarks.Upgrade;
        var hasBody = head.Status is >= 200 and not (204 or 304) && asked.Method != MethodKind.Head && (exchange.Marks & ExchangeMarks.Upgrade) == 0;
        OnServer(_server.BeginBody(!hasBody ? BodyEnd.None : head switch
        {
            { Coding: Coding.Chunked } => BodyEnd.Chunked,
            { Coding: Coding.Unknown } => BodyEnd.Connection,
            { IsLengthBad: true } => BodyEnd.Unknown,
            { Length: >= 0 } => BodyEnd.Length,
            _ => BodyEnd.Connection,
        }, mayBeNone: _isUnpaired));
    }

    private void EndResponse()
    {
        _server.Leave();
        _isInterim = false;
        if (_answering is not { } exchange)
            return;
        _answering = null;
        if ((exchange.Marks & ExchangeMarks.Upgrade) != 0)
        {
            Upgrade(exchange);
            return;
        }
        // Nothing but a piece of a start line came.
        exchange.LostResponse |= !exchange.Response.HasHead;
        if (!_isUnpaired)
            _queue.Answered(exchange);
        else if (exchange.Response.HasHead)
            HandOnUnpaired(exchange);
        else
            _shared.Give(exchange, _memory);
    }

    private void HandOnUnpaired(HttpExchange exchange)
    {
        _output.Accounts.Count(Happening.ResponseWithoutRequest);
        _queue.HandOn(exchange, isLast: false);
    }

    /// <summary>From here on the connection speaks something else.</summary>
    private void Upgrade(HttpExchange exchange)
    {
        _output.Accounts.Count(Happening.Upgrade);
        if (_asking is not null)
        {
            // Whatever was said of a request is not a request any more.
            _asking.Request.Break();
            EndRequest();
        }
        var isTunnel = exchange.Request.Head.Method == MethodKind.Connect;
        if (_isUnpaired)
        {
            HandOnUnpaired(exchange);
            _inner = _opener.OpenUpgraded(_output);
            return;
        }
        _queue.TakeOut(exchange);
        _inner = !isTunnel && exchange.Response.Head.UpgradesToHttp2 ? _opener.OpenHttp2Upgrade(_output, () => _queue.Fill(exchange)) : null;
        if (_inner is not null)
        {
            _shared.Give(exchange, _memory);
            return;
        }
        _queue.HandOn(exchange, isLast: false);
        _inner = isTunnel ? _opener.OpenInside(_output.Within(ExchangeMarks.None)) : _opener.OpenUpgraded(_output);
    }
}
