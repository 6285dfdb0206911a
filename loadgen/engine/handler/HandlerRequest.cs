using System.Text;

namespace Pressure.LoadGen.Engine;

/// <summary>A request of the plan as messages for SocketsHttpHandler.</summary>
internal sealed class HandlerRequest(Step.Request request, HttpOptions options, string runId)
{
    private readonly IReadOnlyList<KeyValuePair<string, string>> _fields = RequestHeaders.Of(request, options, runId);

    /// <summary>Looks at responses.</summary>
    public ResponseChecks Checks { get; } = new(request.Checks, request.Extracts, options.Cookies);

    /// <summary>Whether a proxy reads it and may answer itself.</summary>
    public bool GoesToProxy => options.Proxy is not null && request.Url.Scheme == Uri.UriSchemeHttp;

    /// <summary>Where it goes, as in the plan.</summary>
    public Uri Url => request.Url;

    /// <summary>About how many bytes go out: as HTTP/1.1 would write them.</summary>
    public int Length { get; } = RequestHeaders.Of(request, options, runId).Sum(f => f.Key.Length + f.Value.Length + 4)
        + request.Method.Length + Encoding.UTF8.GetByteCount(request.Url.PathAndQuery) + 13 + (request.Body?.Length ?? 0);

    /// <summary>A message with these trace ids, its slots filled from the scope; it can be sent once.</summary>
    public HttpRequestMessage Message(in TraceId trace, IterationScope? scope)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), UrlIn(scope))
        {
            Version = options.Version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (request.Body is not null || request.Method is "POST" or "PUT" or "PATCH")
            message.Content = new ReadOnlyMemoryContent(request.Template?.Body?.Render(scope!) ?? request.Body ?? default);
        foreach (var (name, value) in _fields)
        {
            var sent = ReferenceEquals(value, RequestHeaders.TracePlaceholder) ? $"00-{trace.High:x16}{trace.Low:x16}-{trace.Span:x16}-01" : ValueIn(scope, name, value);
            if (!message.Headers.TryAddWithoutValidation(name, sent))
                (message.Content ??= new ReadOnlyMemoryContent(default)).Headers.TryAddWithoutValidation(name, sent);
        }

        // Here and not from a challenge: the handler would ask without it first, every time.
        if (GoesToProxy && options.Proxy?.Authorization is { } authorization)
            message.Headers.TryAddWithoutValidation("Proxy-Authorization", authorization);
        if (options.Cookies && !request.Headers.Any(h => h.Key.Equals("Cookie", StringComparison.OrdinalIgnoreCase)) && CookiesIn(scope!) is { Length: > 0 } cookies)
            message.Headers.TryAddWithoutValidation("Cookie", cookies);
        return message;
    }

    private string CookiesIn(IterationScope scope)
    {
        var buffer = new ByteBuffer();
        scope.Cookies.Write(request.Url, buffer);
        return Encoding.ASCII.GetString(buffer.Written);
    }

    // Values are percent-encoded already, and go out as the event loop sends them: dots in them are no way up.
    private Uri UrlIn(IterationScope? scope) => request.Template is { } template
        ? new Uri(request.Url.GetLeftPart(UriPartial.Authority) + Encoding.UTF8.GetString(template.Target.Render(scope!)), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })
        : request.Url;

    private string ValueIn(IterationScope? scope, string name, string value) =>
        request.Template?.Headers.GetValueOrDefault(name) is { } template ? Encoding.ASCII.GetString(template.Render(scope!)) : value;
}
