using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Pressure.Gateway;

/// <summary>Passes requests and responses on as they are, with the name that the client called the service by; the body may be another one.</summary>
/// <param name="instead">The other body; null for the response's own.</param>
internal sealed class PassingTransformer(string? instead) : HttpTransformer
{
    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.Headers.Host = httpContext.Request.Host.HasValue ? httpContext.Request.Host.Value : null;
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (!await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken))
            return false;
        if (instead is null || proxyResponse is null || httpContext.Response.StatusCode == StatusCodes.Status101SwitchingProtocols)
            return true;
        var headers = httpContext.Response.Headers;
        (headers.ContentLength, headers.ContentEncoding, headers.ETag) = (null, default, default);
        await StruckRequests.WriteAsync(httpContext, instead);
        return false;
    }
}
