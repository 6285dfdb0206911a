namespace Pressure.LoadGen.Engine;

/// <summary>Writes a request with slots as the bytes that go out, with the length that its body comes to have.</summary>
internal sealed class RenderedRequest
{
    // A body has less than 10 GB.
    private const int LengthDigits = 10;

    private readonly Template _beforeTrace;
    private readonly Template _afterTrace;
    private readonly Template? _body;
    private readonly Uri? _cookieUrl;

    /// <summary>Compiles the head; with <paramref name="cookies"/> the iteration's cookies go along.</summary>
    public RenderedRequest(Step.Request request, IReadOnlyList<KeyValuePair<string, string>> fields, bool cookies)
    {
        var template = request.Template;
        _cookieUrl = cookies ? request.Url : null;
        var before = new List<Template> { Template.Literal($"{request.Method} "), template?.Target ?? Template.Literal(request.Url.PathAndQuery), Template.Literal(" HTTP/1.1\r\n") };
        var after = new List<Template> { Template.Literal("\r\n") };
        var part = before;
        foreach (var (name, value) in fields)
        {
            part.Add(Template.Literal($"{name}: "));
            if (ReferenceEquals(value, RequestHeaders.TracePlaceholder))
            {
                part = after;
                continue;
            }

            part.Add(template?.Headers.GetValueOrDefault(name) ?? Template.Literal(value));
            part.Add(Template.Literal("\r\n"));
        }

        if (request.Body is not null || request.Method is "POST" or "PUT" or "PATCH")
            _body = template?.Body ?? Template.Literal((request.Body ?? default).Span);

        (_beforeTrace, _afterTrace) = (Template.Join(before), Template.Join(after));
    }

    /// <summary>Writes the request of an iteration.</summary>
    public void Render(IterationScope scope, in TraceId trace, ByteBuffer to)
    {
        to.Truncate(0);
        _beforeTrace.Render(scope, to);
        to.Write("00-00000000000000000000000000000000-0000000000000000-01"u8);
        trace.WriteTo(to.Written[^52..^3]);
        _afterTrace.Render(scope, to);
        if (_cookieUrl is not null)
            scope.Cookies.WriteField(_cookieUrl, to);
        if (_body is null)
        {
            to.Write("\r\n"u8);
            return;
        }

        to.Write("Content-Length: "u8);
        var lengthAt = to.Length;
        to.Take(LengthDigits);
        to.Write("\r\n\r\n"u8);
        var bodyAt = to.Length;
        _body.Render(scope, to);

        // The length is known only now: its digits go before the body, and the rest closes up behind them.
        (to.Length - bodyAt).TryFormat(to.Written[lengthAt..], out var digits);
        to.Written[(lengthAt + LengthDigits)..].CopyTo(to.Written[(lengthAt + digits)..]);
        to.Truncate(to.Length - (LengthDigits - digits));
    }
}
