using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Pressure.Mirror;

/// <summary>Passes requests and answers on as they are, under the name that the client called production by.</summary>
/// <param name="tellsClient">Whether the client's address is appended to X-Forwarded-For, and X-Forwarded-Proto set where it came over TLS.</param>
/// <param name="held">Takes the answer's head; null when nobody wants it.</param>
/// <param name="time">Tells when it came.</param>
internal sealed class ProductionTransformer(bool tellsClient, HeldExchange? held, TimeProvider time) : HttpTransformer
{
    private const string ForwardedFor = "X-Forwarded-For", ForwardedProto = "X-Forwarded-Proto";

    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.Headers.Host = httpContext.Request.Host.HasValue ? httpContext.Request.Host.Value : null;
        if (RequestTarget.Of(httpContext) is ['/', ..] target)
            proxyRequest.RequestUri = new Uri(destinationPrefix + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        if (tellsClient && httpContext.Features.Get<ClientConnection>() is { } connection)
        {
            var before = httpContext.Request.Headers[ForwardedFor];
            proxyRequest.Headers.Remove(ForwardedFor);
            proxyRequest.Headers.TryAddWithoutValidation(ForwardedFor, before.Count == 0 ? connection.Address : $"{before}, {connection.Address}");
            if (httpContext.Request.IsHttps)
            {
                proxyRequest.Headers.Remove(ForwardedProto);
                proxyRequest.Headers.TryAddWithoutValidation(ForwardedProto, "https");
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (held is not null && proxyResponse is not null)
            (held.AnswerBegan, held.AnswerHead) = (time.GetTimestamp(), HeldHead.Of(proxyResponse));
        var passes = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (!passes || proxyResponse is null)
            return passes;
        if (TrailedAnswer.Is(httpContext, proxyResponse))
        {
            httpContext.Response.Headers.TransferEncoding = "chunked";
            var trailed = new TrailedAnswer(httpContext.Response.Body);
            httpContext.Features.Set(trailed);
            httpContext.Response.Body = held is null ? trailed : new AnswerTee(trailed, held);
        }
        else if (held is not null)
        {
            httpContext.Response.Body = new AnswerTee(httpContext.Response.Body, held);
        }
        return true;
    }

    /// <inheritdoc/>
    public override ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken) =>
        httpContext.Features.Get<TrailedAnswer>() is { } trailed
            ? new ValueTask(trailed.EndAsync(proxyResponse, cancellationToken))
            : base.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);
}
