using System.Text;

namespace Pressure.LoadGen.Engine;

/// <summary>Where a request over SocketsHttpHandler goes next: at first as the plan says, then as redirects do.</summary>
/// <param name="Url">Where to.</param>
/// <param name="Method">How.</param>
/// <param name="AsGet">A redirect has made it a GET without a body.</param>
/// <param name="SameOrigin">Every redirect so far stayed where the plan goes.</param>
internal readonly record struct HandlerHop(Uri Url, string Method, bool AsGet, bool SameOrigin);

/// <summary>A request of the plan as messages for SocketsHttpHandler.</summary>
internal sealed class HandlerRequest(Step.Request request, HttpOptions options, string runId)
{
    private readonly IReadOnlyList<KeyValuePair<string, string>> _fields = RequestHeaders.Of(request, options, runId);
    private readonly bool _sendsCookies = options.Cookies != CookieKeeping.Off && !request.Headers.Any(h => h.Key.Equals("Cookie", StringComparison.OrdinalIgnoreCase));

    /// <summary>Looks at responses.</summary>
    public ResponseChecks Checks { get; } = new(request.Checks, request.Extracts, options.Cookies != CookieKeeping.Off);

    /// <summary>Redirects that it follows at the most.</summary>
    public int Redirects { get; } = request.Redirects ?? options.Redirects;

    /// <summary>How long it may take, redirects included.</summary>
    public TimeSpan Timeout { get; } = request.Timeout ?? options.Timeout;

    /// <summary>About how many bytes go out: as HTTP/1.1 would write them.</summary>
    public int Length { get; } = RequestHeaders.Of(request, options, runId).Sum(f => f.Key.Length + f.Value.Length + 4)
        + request.Method.Length + Encoding.UTF8.GetByteCount(request.Url.PathAndQuery) + 13 + (request.Body?.Length ?? 0);

    /// <summary>The proxy that reads a message to a URL, and may answer itself; null if there is none, or only a tunnel through it.</summary>
    public HttpProxy? ProxyFor(Uri url) => url.Scheme == Uri.UriSchemeHttp ? options.Proxy : null;

    /// <summary>Where it goes at first, its slots filled from the scope.</summary>
    public HandlerHop Begin(IterationScope? scope) => new(UrlIn(scope), request.Method, AsGet: false, SameOrigin: true);

    /// <summary>A message with these trace ids, its slots filled from the scope; it can be sent once.</summary>
    public HttpRequestMessage Message(in TraceId trace, IterationScope? scope, in HandlerHop hop)
    {
        var secure = hop.Url.Scheme == Uri.UriSchemeHttps;
        var message = new HttpRequestMessage(new HttpMethod(hop.Method), hop.Url)
        {
            // A redirect may lead from https, where HTTP/2 is spoken, to http.
            Version = secure || options.Version.Major < 2 ? options.Version : new Version(1, 1),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (!hop.AsGet && (request.Body is not null || request.Method is "POST" or "PUT" or "PATCH"))
            message.Content = new ReadOnlyMemoryContent(request.Template?.Body?.Render(scope!) ?? request.Body ?? default);
        foreach (var (name, value) in _fields)
        {
            if (!RedirectedRequest.Keeps(name, hop.AsGet, hop.SameOrigin))
                continue;
            var sent = ReferenceEquals(value, RequestHeaders.TracePlaceholder) ? $"00-{trace.High:x16}{trace.Low:x16}-{trace.Span:x16}-01"
                : !hop.SameOrigin && name.Equals("Host", StringComparison.OrdinalIgnoreCase) ? RequestHeaders.HostOf(hop.Url)
                : ValueIn(scope, name, value);
            if (!message.Headers.TryAddWithoutValidation(name, sent))
                (message.Content ??= new ReadOnlyMemoryContent(default)).Headers.TryAddWithoutValidation(name, sent);
        }

        // Here and not from a challenge: the handler would ask without it first, every time.
        if (ProxyFor(hop.Url)?.Authorization is { } authorization)
            message.Headers.TryAddWithoutValidation("Proxy-Authorization", authorization);
        if (_sendsCookies && CookiesFor(hop.Url, scope!) is { Length: > 0 } cookies)
            message.Headers.TryAddWithoutValidation("Cookie", cookies);
        return message;
    }

    private static string CookiesFor(Uri url, IterationScope scope)
    {
        var buffer = new ByteBuffer();
        scope.Cookies.Write(url, buffer);
        return Encoding.ASCII.GetString(buffer.Written);
    }

    // Values are percent-encoded already, and go out as the event loop sends them: dots in them are no way up.
    private Uri UrlIn(IterationScope? scope) => request.Template is { } template
        ? new Uri(request.Url.GetLeftPart(UriPartial.Authority) + Encoding.UTF8.GetString(template.Target.Render(scope!)), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })
        : request.Url;

    private string ValueIn(IterationScope? scope, string name, string value) =>
        request.Template?.Headers.GetValueOrDefault(name) is { } template ? Encoding.ASCII.GetString(template.Render(scope!)) : value;
}
