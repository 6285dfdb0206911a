using System.Collections.Frozen;
using System.Globalization;
using System.Net;

namespace Pressure.Mirror;

/// <summary>Makes the request that the test target gets of one that production got.</summary>
/// <param name="rules">What stays and what goes.</param>
/// <param name="id">The mirror's.</param>
/// <param name="tellsTls">Whether targets are told that clients came over TLS, as production is: else they would lead copies there.</param>
internal sealed class CopyHeaders(CopyHeaderRules rules, string id, bool tellsTls = false)
{
    /// <summary>Fields of one hop, or of the framing that the copy has of its own; and marks of other runs.</summary>
    private static readonly string[] NeverCopied =
    [
        "Connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings", "Content-Length", "Expect", "Host",
        CopyMarks.Mirror, CopyMarks.Run,
    ];

    private const string ForwardedProto = "X-Forwarded-Proto";

    private readonly FrozenSet<string> _without = NeverCopied
        .Concat(tellsTls ? [ForwardedProto] : []).Concat(CopyHeaderRules.Credentials.Except(rules.Keep, StringComparer.OrdinalIgnoreCase)).Concat(rules.Remove).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly string _baggage = $"pressure.run={id}";

    /// <summary>A request of its own, for one target.</summary>
    /// <param name="held">The exchange with production.</param>
    /// <param name="prefix">The target's scheme, host and port.</param>
    /// <param name="number">The copy's number.</param>
    public HttpRequestMessage Make(HeldExchange held, string prefix, long number)
    {
        // As it came: not decoded and encoded again, dots and double slashes included.
        var address = new Uri(prefix + held.Target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(HttpMethod.Parse(held.Method), address) { Version = HttpVersion.Version11 };
        if (held.Request.Length > 0)
            request.Content = new HeldContent(held.Request.Memory);
        var baggage = "";
        foreach (var (name, value) in held.RequestHead!.Fields)
        {
            if (name.Equals(CopyMarks.Baggage, StringComparison.OrdinalIgnoreCase))
                baggage = $"{value},";
            else if (name.Equals("Host", StringComparison.OrdinalIgnoreCase) && rules.Host == "")
                request.Headers.Host = value;
            else if (!_without.Contains(name))
                Add(request, name, value);
        }
        if (rules.Host is { Length: > 0 } host)
            request.Headers.Host = host;
        if (tellsTls)
            request.Headers.TryAddWithoutValidation(ForwardedProto, "https");
        request.Headers.TryAddWithoutValidation(CopyMarks.Mirror, string.Create(CultureInfo.InvariantCulture, $"{id}-{number}"));
        request.Headers.TryAddWithoutValidation(CopyMarks.Run, id);
        request.Headers.TryAddWithoutValidation(CopyMarks.Baggage, baggage + _baggage);
        return request;
    }

    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (request.Headers.TryAddWithoutValidation(name, value))
            return;
        request.Content ??= new HeldContent(default);
        request.Content.Headers.TryAddWithoutValidation(name, value);
    }
}
