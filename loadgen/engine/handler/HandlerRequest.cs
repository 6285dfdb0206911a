using System.Text;

namespace Pressure.LoadGen.Engine;

/// <summary>A request of the plan as messages for SocketsHttpHandler.</summary>
internal sealed class HandlerRequest(Step.Request request, HttpOptions options, string runId)
{
    private readonly IReadOnlyList<KeyValuePair<string, string>> _fields = RequestHeaders.Of(request, options, runId);

    /// <summary>Looks at responses.</summary>
    public ResponseChecks Checks { get; } = new(request.Checks);

    /// <summary>About how many bytes go out: as HTTP/1.1 would write them.</summary>
    public int Length { get; } = RequestHeaders.Of(request, options, runId).Sum(f => f.Key.Length + f.Value.Length + 4)
        + request.Method.Length + Encoding.UTF8.GetByteCount(request.Url.PathAndQuery) + 13 + (request.Body?.Length ?? 0);

    /// <summary>A message with these trace ids; it can be sent once.</summary>
    public HttpRequestMessage Message(in TraceId trace)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Url)
        {
            Version = options.Version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (request.Body is not null || request.Method is "POST" or "PUT" or "PATCH")
            message.Content = new ReadOnlyMemoryContent(request.Body ?? default);
        foreach (var (name, value) in _fields)
        {
            var sent = ReferenceEquals(value, RequestHeaders.TracePlaceholder) ? $"00-{trace.High:x16}{trace.Low:x16}-{trace.Span:x16}-01" : value;
            if (!message.Headers.TryAddWithoutValidation(name, sent))
                (message.Content ??= new ReadOnlyMemoryContent(default)).Headers.TryAddWithoutValidation(name, sent);
        }

        return message;
    }
}
