using Microsoft.AspNetCore.Http;
using Pressure.Faults;
using Yarp.ReverseProxy.Forwarder;

namespace Pressure.Gateway;

/// <summary>Lets rules strike requests on their way.</summary>
internal sealed class StruckRequests(RuleBook book, TimeProvider time)
{
    private readonly Random _jitter = new(1);

    /// <summary>Does to a request what comes before it goes on; how its response is to be passed on, null if it does not go on.</summary>
    public async Task<HttpTransformer?> PassAsync(HttpContext context)
    {
        var rules = book.Rules.Where(r => IsMeant(r.Rule.Requests, context.Request) && r.Strikes()).ToList();
        foreach (var rule in rules)
        {
            if (rule.Rule.Effect is GatewayEffect.DelayRequest delay)
                await WaitAsync(delay, rule.Ended, context.RequestAborted);
        }
        string? instead = null;
        foreach (var rule in rules.Where(r => !r.Ended.IsCancellationRequested))
        {
            switch (rule.Rule.Effect)
            {
                case GatewayEffect.AbortRequest:
                    context.Abort();
                    return null;
                case GatewayEffect.Answer answer:
                    context.Response.StatusCode = answer.Status;
                    await WriteAsync(context, answer.Body);
                    return null;
                case GatewayEffect.TruncateBody truncate when !IsUpgrade(context):
                    context.Response.Body = new CutBody(context, truncate.Bytes, time);
                    break;
                case GatewayEffect.CorruptBody when !IsUpgrade(context):
                    context.Response.Body = new CorruptBody(context.Response.Body);
                    break;
                case GatewayEffect.ReplaceBody replace:
                    instead = replace.Body;
                    break;
            }
        }
        return new PassingTransformer(instead);
    }

    /// <summary>Writes a text as the whole body.</summary>
    internal static Task WriteAsync(HttpContext context, string body)
    {
        if (body.Length == 0 || HttpMethods.IsHead(context.Request.Method) || context.Response.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
            return Task.CompletedTask;
        context.Response.ContentType ??= "text/plain; charset=utf-8";
        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>As long as the delay lasts and the rule holds.</summary>
    private async Task WaitAsync(GatewayEffect.DelayRequest delay, CancellationToken ended, CancellationToken aborted)
    {
        double luck;
        lock (_jitter)
            luck = _jitter.NextDouble() * 2 - 1;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended, aborted);
        var wait = delay.Delay + delay.Jitter * luck;
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time, either.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static bool IsMeant(RequestMatch match, HttpRequest request) =>
        match.Means(request.Path.Value ?? "/", request.Method, name => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null);

    private static bool IsUpgrade(HttpContext context) => context.Request.Headers.Connection.ToString().Contains("upgrade", StringComparison.OrdinalIgnoreCase);
}
