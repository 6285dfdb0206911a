using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Pressure.Mirror;

/// <summary>What a request asks for, as it came: not decoded, nothing put right.</summary>
internal static class RequestTarget
{
    /// <summary>Path and query; of <c>http://host/a</c> without what is before the path; <c>*</c> as it is.</summary>
    public static string Of(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (target is ['/', ..] or "*")
            return target;
        var authority = target.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
            return target;
        var path = target.AsSpan(authority + 3).IndexOfAny('/', '?');
        return path < 0 ? "/" : target[authority + 3 + path] == '/' ? target[(authority + 3 + path)..] : "/" + target[(authority + 3 + path)..];
    }
}
