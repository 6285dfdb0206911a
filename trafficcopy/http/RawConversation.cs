namespace Pressure.TrafficCopy;

/// <summary>
/// Takes a connection apart into turns: what the client said, and what the server answered before the client spoke again. Where the server speaks first
/// (MySQL's greeting), the first turn's request is empty.
/// </summary>
internal sealed class RawConversation(ConnectionOutput output, HttpShared shared) : IConversation
{
    private readonly MemoryAllowance _memory = new(shared.Options.HeldPerConnection, shared.Memory);
    private readonly HttpMessage _request = new();
    private readonly HttpMessage _response = new();
    private bool _hasRequest;
    private bool _hasResponse;

    /// <inheritdoc/>
    public void Take(Side from, ReadOnlySpan<byte> bytes, long at)
    {
        if (!bytes.IsEmpty)
            Speak(from, at).AddBody(bytes, Limit(from), _memory);
    }

    /// <inheritdoc/>
    public void Miss(Side from, long bytes, long at) => Speak(from, at).MissBody(Math.Max(0, bytes));

    /// <inheritdoc/>
    public void Finish(Side from, long at)
    {
    }

    /// <inheritdoc/>
    public void End(ConversationEnd how, long at) => HandOn(how is ConversationEnd.Closed or ConversationEnd.Reset);

    private HttpMessage Speak(Side side, long at)
    {
        if (side == Side.Client && _hasResponse)
            HandOn(isLast: false);
        var message = side == Side.Client ? _request : _response;
        if (!(side == Side.Client ? _hasRequest : _hasResponse))
            message.At = Math.Max(1, at);
        message.LastAt = Math.Max(1, at);
        _hasRequest |= side == Side.Client;
        _hasResponse |= side == Side.Server;
        return message;
    }

    private int Limit(Side side) => shared.Options.Bodies == KeptBodies.All || side == Side.Client && shared.Options.Bodies == KeptBodies.Requests
        ? shared.Options.BodyLimit
        : 0;

    private void HandOn(bool isLast)
    {
        if (!_hasRequest && !_hasResponse)
            return;
        var handed = shared.Handed;
        handed.Protocol = TrafficProtocol.Tcp;
        handed.Order = output.TakeOrder();
        handed.Marks = Mark(_request.IsIncomplete, ExchangeMarks.RequestIncomplete) | Mark(_response.IsIncomplete, ExchangeMarks.ResponseIncomplete)
            | Mark(_request.IsCut, ExchangeMarks.RequestCut) | Mark(_response.IsCut, ExchangeMarks.ResponseCut) | Mark(isLast, ExchangeMarks.Last);
        (handed.ResponseAt, handed.ResponseEnd) = (_response.At, _response.LastAt);
        (handed.At, handed.RequestEnd) = _hasRequest ? (_request.At, _request.LastAt) : (_response.At, _response.At);
        (handed.Request, handed.Response) = (_request.View, _response.View);
        output.HandOn(handed);
        _request.Clear(_memory);
        _response.Clear(_memory);
        (_hasRequest, _hasResponse) = (false, false);
    }

    private static ExchangeMarks Mark(bool holds, ExchangeMarks mark) => holds ? mark : ExchangeMarks.None;
}
