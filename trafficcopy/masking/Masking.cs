using System.Buffers;

namespace Pressure.TrafficCopy;

/// <summary>
/// Masks exchanges on their way to the disk, and counts what it masked. It never lets pass what it could not look through: a body that is said to be JSON and
/// is none, or that can't be decoded, is dropped (its length stays, and it is marked as cut). Used by one thread at a time.
/// </summary>
public sealed class Masking : IExchangeSink
{
    private readonly MaskRules _rules;
    private readonly IExchangeSink _next;
    private readonly MaskWord _word;
    private readonly HeadMasking _heads;
    private readonly PatternMasking _patterns;
    private readonly BodyMasking _requestBodies;
    private readonly BodyMasking _responseBodies;
    private readonly ArrayBufferWriter<byte> _requestHead = new();
    private readonly ArrayBufferWriter<byte> _responseHead = new();
    private readonly CapturedExchange _masked = new();
    private long _exchanges;
    private long _values;
    private long _dropped;

    /// <summary>Masking before a sink.</summary>
    /// <exception cref="ArgumentException">There are more JSON paths than can be looked for.</exception>
    public Masking(MaskRules rules, IExchangeSink next)
    {
        if (rules.JsonPaths.Count > JsonMasking.MostPaths)
            throw new ArgumentException($"At most {JsonMasking.MostPaths} JSON paths can be masked, not {rules.JsonPaths.Count}.", nameof(rules));
        (_rules, _next) = (rules, next);
        _word = new MaskWord(rules.Hash);
        _heads = new HeadMasking(rules);
        _patterns = new PatternMasking(rules.Patterns, _word);
        _requestBodies = new BodyMasking(rules, _word);
        _responseBodies = new BodyMasking(rules, _word);
    }

    /// <summary>How often something was masked: <c>exchanges</c>, <c>values</c>, <c>bodies-dropped</c> (because they could not be looked through).</summary>
    public IReadOnlyDictionary<string, long> Counts => new Dictionary<string, long> { ["exchanges"] = _exchanges, ["values"] = _values, ["bodies-dropped"] = _dropped };

    /// <inheritdoc/>
    public void Take(CapturedExchange exchange)
    {
        if (_rules.IsEmpty)
        {
            _next.Take(exchange);
            return;
        }

        _masked.CopyFrom(exchange);
        if (exchange.Protocol == TrafficProtocol.Tcp)
        {
            (_masked.Request, var asked) = MaskRaw(exchange.Request);
            (_masked.Response, var answered) = MaskRaw(exchange.Response);
            Count(asked + answered);
        }
        else
        {
            MaskHttp(exchange);
        }

        _next.Take(_masked);
    }

    /// <inheritdoc/>
    public void EndConnection(long connection, long at) => _next.EndConnection(connection, at);

    private void MaskHttp(CapturedExchange exchange)
    {
        var marks = exchange.Marks;
        var asked = Mask(exchange.Request, marks, ExchangeMarks.RequestIncomplete | ExchangeMarks.RequestCut, ExchangeMarks.RequestCut, _requestBodies, _requestHead, out var request);
        var answered = 0;
        var response = exchange.Response;
        if (exchange.HasResponse)
            answered = Mask(exchange.Response, marks, ExchangeMarks.ResponseIncomplete | ExchangeMarks.ResponseCut, ExchangeMarks.ResponseCut, _responseBodies, _responseHead, out response);
        (_masked.Request, _masked.Response) = (request, response);
        Count(asked + answered);
    }

    private int Mask(
        in CapturedMessage message, ExchangeMarks marks, ExchangeMarks isCut, ExchangeMarks cut, BodyMasking bodies, ArrayBufferWriter<byte> room, out CapturedMessage masked)
    {
        var body = bodies.Mask(message, (marks & isCut) != 0 || message.BodyLength > message.Body.Length);
        var length = body.Change.IsChanged ? body.Change.NewLength : message.BodyLength;
        room.ResetWrittenCount();
        var head = new MaskedText(message.Head.Span, room, _word);
        _heads.Mask(ref head, body.Change);
        var (values, newHead) = (head.Masked + body.Masked, head.IsChanged ? head.Finish() : message.Head);
        if (!_patterns.IsEmpty)
        {
            var plain = new ArrayBufferWriter<byte>();
            var found = new MaskedText(newHead.Span, plain, _word);
            _patterns.MaskHead(ref found);
            (values, newHead) = (values + found.Masked, found.IsChanged ? found.Finish() : newHead);
        }

        if (body.WasDropped)
            _dropped++;
        if (body.WasDropped || length > body.Body.Length)
            _masked.Marks |= cut;
        if (body.WasDropped)
            _masked.Marks |= ExchangeMarks.Masked;
        masked = new(newHead, body.Body, length);
        return values;
    }

    /// <summary>Raw TCP is masked in its own length: what follows would not be understood else.</summary>
    private (CapturedMessage, int) MaskRaw(in CapturedMessage message)
    {
        if (_rules.DropBodies && !message.Body.IsEmpty)
            return (message with { Body = default }, 1);
        var bytes = message.Body.ToArray();
        var masked = (_rules.Secrets ? RespSecrets.Mask(bytes) : 0) + (_patterns.IsEmpty ? 0 : _patterns.MaskInPlace(bytes));
        return masked == 0 ? (message, 0) : (message with { Body = bytes }, masked);
    }

    private void Count(int values)
    {
        if (values > 0)
            _masked.Marks |= ExchangeMarks.Masked;
        _values += values;
        if ((_masked.Marks & ExchangeMarks.Masked) != 0)
            _exchanges++;
    }
}
