using System.Text;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// A request of the plan as the bytes that go out, encoded once. Only the trace ids change: they are written over in place before
/// every send, so each lane has its own copy.
/// </summary>
internal sealed class PreparedRequest
{
    private readonly byte[] _bytes;
    private readonly int _traceAt;
    private readonly RenderedRequest? _rendered;

    /// <summary>Encodes a request.</summary>
    public PreparedRequest(Step.Request request, int index, int origin, HttpOptions options, string runId)
    {
        Index = index;
        Origin = origin;
        IsHead = request.Method == "HEAD";
        IsIdempotent = request.Method is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE";
        Redirects = request.Redirects ?? options.Redirects;
        var keepsCookies = options.Cookies != CookieKeeping.Off;
        SendsCookies = keepsCookies && !request.Headers.Any(h => h.Key.Equals("Cookie", StringComparison.OrdinalIgnoreCase));
        Checks = new ResponseChecks(request.Checks, request.Extracts, keepsCookies);
        var fields = RequestHeaders.Of(request, options, runId);
        (Template, Url) = (request.Template, request.Url);
        if (Template is not null || keepsCookies)
            _rendered = new(request, fields, SendsCookies);
        var head = new StringBuilder($"{request.Method} {request.Url.PathAndQuery} HTTP/1.1\r\n");
        foreach (var (name, value) in fields)
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        if (request.Body is not null || request.Method is "POST" or "PUT" or "PATCH")
            head.Append("Content-Length: ").Append(request.Body?.Length ?? 0).Append("\r\n");
        var headBytes = Encoding.UTF8.GetBytes(head.Append("\r\n").ToString());
        _bytes = [.. headBytes, .. (request.Body ?? default).Span];
        _traceAt = headBytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(RequestHeaders.TracePlaceholder));
    }

    /// <summary>Position in the plan's requests.</summary>
    public int Index { get; }

    /// <summary>Position of its origin (host and port).</summary>
    public int Origin { get; }

    /// <summary>Where it goes, as in the plan.</summary>
    public Uri Url { get; }

    /// <summary>Whether it must be written anew for every iteration.</summary>
    public bool IsRendered => _rendered is not null;

    /// <summary>What differs from iteration to iteration; null when only the trace ids do.</summary>
    public RequestTemplate? Template { get; }

    /// <summary>Whether it takes values from its iteration, or gives some to it.</summary>
    public bool IsScoped => IsRendered || Checks.Extracts.Count > 0;

    /// <summary>Position of its time limit in <see cref="LoadPlan.Timeouts"/>.</summary>
    public int Limit { get; init; }

    /// <summary>Redirects that it follows at the most.</summary>
    public int Redirects { get; }

    /// <summary>Whether the cookies that are kept go along.</summary>
    public bool SendsCookies { get; }

    /// <summary>The response has no body.</summary>
    public bool IsHead { get; }

    /// <summary>May be sent again when a kept connection turns out to be closed (RFC 9110, 9.2.2).</summary>
    public bool IsIdempotent { get; }

    /// <summary>What must hold for the response.</summary>
    public ResponseChecks Checks { get; }

    /// <summary>How many bytes it has, unless it is rendered.</summary>
    public int Length => _bytes.Length;

    /// <summary>The bytes, with these trace ids; valid until the next call.</summary>
    public ReadOnlySpan<byte> Encode(scoped in TraceId trace)
    {
        if (_traceAt >= 0)
            trace.WriteTo(_bytes.AsSpan(_traceAt + 3, 49));
        return _bytes;
    }

    /// <summary>Writes a request as an iteration sends it.</summary>
    public void Render(IterationScope scope, in TraceId trace, ByteBuffer to) => _rendered!.Render(scope, trace, to);
}
