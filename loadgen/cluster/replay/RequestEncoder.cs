using System.Buffers.Text;
using System.Text;
using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>Makes of a captured request what goes out. Used by the reader's thread.</summary>
internal sealed class RequestEncoder
{
    /// <summary>Where a traceparent's ids go.</summary>
    public static ReadOnlySpan<byte> TracePlaceholder => "00-00000000000000000000000000000000-0000000000000000-01"u8;

    private readonly TargetRewriting _targets;
    private readonly HeadRewriting _heads;
    private readonly CarryRules _rules;
    private readonly bool _carriesCookies;
    private readonly bool _comparesAnswers;
    private readonly byte[] _mark;
    private readonly byte[] _baggage;

    public RequestEncoder(ReplayOrder order, Uri target, CarryRules rules, string runId)
    {
        _targets = new(target, order.Rewrites);
        _heads = new(target, order.Rewrites);
        _rules = rules;
        _carriesCookies = order.CarriesCookies && !_heads.SetsCookies;
        _comparesAnswers = order.Compare is not null;
        _mark = Encoding.ASCII.GetBytes($"X-Pressure-Run: {runId}\r\n");
        _baggage = Encoding.ASCII.GetBytes($"pressure.run={runId}\r\n");
    }

    /// <summary>Encodes an exchange's request.</summary>
    /// <param name="exchange">Not skipped.</param>
    /// <param name="values">What earlier answers of its connection gave; null without rules.</param>
    /// <param name="to">Takes it; empty.</param>
    public void Encode(CapturedExchange exchange, CapturedValues? values, EncodedRequest to)
    {
        to.ExpectedStatus = 0;
        if (exchange.Protocol == TrafficProtocol.Tcp)
        {
            to.Awaited = (int)Math.Min(int.MaxValue, exchange.Response.BodyLength);
            to.AwaitedReplies = RepliesOf(exchange);
            to.Append(exchange.Request.Body.Span);
            to.Wanted = _comparesAnswers ? AnswerParts.Whole : AnswerParts.None;
        }
        else
        {
            EncodeHttp(exchange, values, to);
            to.ExpectedStatus = exchange.HasResponse ? new HttpHead(exchange.Response.Head.Span).Status : 0;
            to.Wanted = _comparesAnswers ? AnswerParts.Whole : LooksForCookies(exchange, to) ? AnswerParts.Head : AnswerParts.None;
            Expect(exchange, values, to);
        }

        if (_comparesAnswers)
            to.Captured = exchange.Keep();
    }

    /// <summary>How many replies of Redis's an answer is, if it is that: commands are arrays, and the answer is whole.</summary>
    private static int? RepliesOf(CapturedExchange exchange)
    {
        var request = exchange.Request.Body.Span;
        var response = exchange.Response;
        var isWhole = (exchange.Marks & (ExchangeMarks.ResponseIncomplete | ExchangeMarks.ResponseCut)) == 0 && response.Body.Length == response.BodyLength;
        return isWhole && !request.IsEmpty && request[0] == '*' ? RespReplies.Count(response.Body.Span) : null;
    }

    private void EncodeHttp(CapturedExchange exchange, CapturedValues? values, EncodedRequest to)
    {
        var head = new HttpHead(exchange.Request.Head.Span);
        var body = exchange.Request.Body.Span;
        WriteStart(head, values, to);
        to.Append(_heads.Host);
        var hasBody = body.Length > 0;
        ReadOnlySpan<byte> cookies = [], baggage = [], type = [];
        var ofConnection = RequestForm.NamedByConnection(head);
        foreach (var field in head)
        {
            if (RequestForm.IsOwn(field))
            {
                hasBody |= field.Is("content-length"u8) || field.Is("transfer-encoding"u8);
                if (field.Is("baggage"u8))
                    baggage = field.Value;
                continue;
            }

            if (!_heads.Keeps(field) || (!ofConnection.IsEmpty && RequestForm.Lists(ofConnection, field.Name)))
                continue;
            if (field.Is("content-type"u8))
                type = field.Value;
            if (_carriesCookies && cookies.IsEmpty && field.Is("cookie"u8))
                cookies = field.Line;
            else
                WriteField(field, values, to);
        }

        to.Append(_heads.Set);
        WriteCookies(cookies, to);
        WriteMarks(baggage, to);
        if (hasBody)
            WriteLength(body.Length, to);
        to.Append("traceparent: "u8);
        to.TraceAt = to.Length;
        to.Append(TracePlaceholder);
        to.Append("\r\n\r\n"u8);
        to.BodyAt = to.Length;
        to.Append(body);
        values?.Find(to, to.BodyAt..to.Length, PartOf(type));
        Order(to.Slots);
    }

    /// <summary>Who never had cookies gets none now; that spares a look at every answer.</summary>
    private bool LooksForCookies(CapturedExchange exchange, EncodedRequest request) =>
        _carriesCookies && (request.CookieLength > 0 || !exchange.HasResponse || new HttpHead(exchange.Response.Head.Span).Has("set-cookie"u8));

    private void WriteStart(HttpHead head, CapturedValues? values, EncodedRequest to)
    {
        to.Append(head.Method);
        to.Append(" "u8);
        var at = to.Length;
        _targets.Write(head.Target, to);
        to.Target = at..to.Length;
        if (values is not null)
        {
            var mark = to.Buffer.AsSpan(at, to.Length - at).IndexOf((byte)'?');
            var path = mark < 0 ? to.Length : at + mark;
            values.Find(to, at..path, RequestPart.Path);
            values.Find(to, path..to.Length, RequestPart.Query);
        }

        to.Append(" HTTP/1.1\r\n"u8);
    }

    private void WriteField(HttpField field, CapturedValues? values, EncodedRequest to)
    {
        var isMasked = MaskWord.IsIn(field.Value);
        var at = to.Length;
        if (_rules.TryFieldRule(field.Name, out var rule))
        {
            WriteLine(field.Line, to);
            to.Slots.Add(new(at, to.Length - at, rule, isMasked ? SlotForm.Line : SlotForm.PlainLine));
            to.IsFixed &= !isMasked;
        }
        else if (isMasked)
        {
            // A mask is no value: better none than a wrong one.
            to.LeftOut++;
        }
        else
        {
            WriteLine(field.Line, to);
            values?.Find(to, (at + field.Name.Length + 1)..(to.Length - 2), RequestPart.Field);
        }
    }

    private void WriteCookies(ReadOnlySpan<byte> line, EncodedRequest to)
    {
        if (!_carriesCookies)
            return;
        to.CookieAt = to.Length;
        to.IsFixed &= !MaskWord.IsIn(line);
        if (!line.IsEmpty)
            WriteLine(line, to);
        to.CookieLength = to.Length - to.CookieAt;
    }

    private void WriteMarks(ReadOnlySpan<byte> baggage, EncodedRequest to)
    {
        to.Append(_mark);
        to.Append("baggage: "u8);
        if (!baggage.IsEmpty)
        {
            to.Append(baggage);
            to.Append(","u8);
        }

        to.Append(_baggage);
    }

    private static void WriteLength(int length, EncodedRequest to)
    {
        to.Append("Content-Length: "u8);
        to.LengthAt = to.Length;
        Utf8Formatter.TryFormat(length, to.Room(12), out var digits);
        to.LengthDigits = digits;
        to.Length += digits;
        to.Append("\r\n"u8);
    }

    private static void WriteLine(ReadOnlySpan<byte> line, EncodedRequest to)
    {
        to.Append(line);
        to.Append("\r\n"u8);
    }

    /// <summary>Notes what the captured answer had by each rule, so that later requests can be searched for it.</summary>
    private void Expect(CapturedExchange exchange, CapturedValues? values, EncodedRequest to)
    {
        if (values is null || !exchange.HasResponse)
            return;
        var body = new AnswerBody(exchange.Response.Body.Span);
        for (var rule = 0; rule < _rules.Count; rule++)
        {
            var captured = _rules.Take(rule, exchange.Response.Head.Span, ref body);
            var number = captured is null || MaskWord.IsIn(captured) ? -1 : values.Remember(captured);
            // A value that is not there, or was masked, is no use unless it goes into a field of its own.
            if (number < 0 && !_rules.HasTemplate(rule))
                continue;
            to.Expected.Add(new(rule, number));
            to.Wanted = (AnswerParts)Math.Max((int)to.Wanted, (int)_rules.Needs(rule));
        }
    }

    private static RequestPart PartOf(ReadOnlySpan<byte> type) =>
        type.StartsWith("application/x-www-form-urlencoded"u8) ? RequestPart.Form
        : type.IndexOf("json"u8) >= 0 ? RequestPart.Json
        : RequestPart.Other;

    /// <summary>In order of places, and of those that overlap the longest alone.</summary>
    private static void Order(List<ValueSlot> slots)
    {
        if (slots.Count < 2)
            return;
        slots.Sort((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : b.Length.CompareTo(a.Length));
        var kept = 1;
        for (var i = 1; i < slots.Count; i++)
        {
            if (slots[i].At >= slots[kept - 1].At + slots[kept - 1].Length)
                slots[kept++] = slots[i];
        }

        slots.RemoveRange(kept, slots.Count - kept);
    }
}
