using Pressure.TrafficCopy;

namespace Pressure.Mirror;

/// <summary>Makes captured exchanges of those that were held. Used by one thread at a time.</summary>
internal sealed class ExchangeWriting
{
    private readonly TimeProvider _time;
    private readonly long _anchor;
    private readonly long _wall;
    private readonly CapturedExchange _exchange = new();

    /// <summary>Takes the wall clock once; from then on moments are monotonic.</summary>
    public ExchangeWriting(TimeProvider time)
    {
        _time = time;
        _anchor = time.GetTimestamp();
        _wall = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
    }

    /// <summary>A timestamp in nanoseconds since 1970.</summary>
    public long Nanoseconds(long timestamp) => _wall + (_time.GetElapsedTime(_anchor, timestamp).Ticks * 100);

    /// <summary>The exchange; the next call uses it again.</summary>
    public CapturedExchange Of(HeldExchange held)
    {
        var answered = held.AnswerHead is not null;
        (_exchange.Connection, _exchange.Order, _exchange.Protocol, _exchange.Marks) = (held.Connection.Id, held.Order, TrafficProtocol.Http1, MarksOf(held));
        (_exchange.At, _exchange.RequestEnd) = (Nanoseconds(held.Began), Nanoseconds(held.RequestEnded));
        (_exchange.ResponseAt, _exchange.ResponseEnd) = answered ? (Nanoseconds(held.AnswerBegan), Nanoseconds(held.Ended)) : (0, 0);
        (_exchange.Client, _exchange.Server) = (held.Connection.Client, held.Server);
        _exchange.Request = new CapturedMessage(held.RequestHead!.ToBytes(), held.Request.Memory, held.Request.Total);
        _exchange.Response = answered ? new CapturedMessage(held.AnswerHead!.ToBytes(), held.Answer.Memory, held.Answer.Total) : default;
        return _exchange;
    }

    private static ExchangeMarks MarksOf(HeldExchange held) =>
        (held.IsRequestWhole ? 0 : ExchangeMarks.RequestIncomplete)
        | (held.Request.IsCut ? ExchangeMarks.RequestCut : 0)
        | (held.AnswerHead is not null && !held.IsAnswerWhole ? ExchangeMarks.ResponseIncomplete : 0)
        | (held.Answer.IsCut ? ExchangeMarks.ResponseCut : 0);
}
