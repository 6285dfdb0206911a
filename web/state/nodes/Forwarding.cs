using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Pressure.Web.Api;

namespace Pressure.Web.State;

/// <summary>
/// Hands requests about a run or a drill that goes on, or an agent, to the node that has it: its page, its live view, steering, stopping. When it is over, or its node is
/// dead, any node answers from its own copy. A request is handed on once.
/// </summary>
/// <param name="state">What nodes share.</param>
/// <param name="agents">Where agents are.</param>
/// <param name="way">How other nodes are asked; null for HTTP as usual.</param>
internal sealed partial class Forwarding(SharedState state, NodeAgents agents, HttpMessageHandler? way = null) : IDisposable
{
    /// <summary>Says that a node asks: it is answered from what this node has itself.</summary>
    internal const string Mark = "Pressure-Forwarded-By";

    /// <summary>What is about one connection alone, and what this node has looked at already: where a browser's request comes from.</summary>
    private static readonly HashSet<string> Dropped = new(["Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Host", "Expect", "Origin", "Sec-Fetch-Site", Mark], StringComparer.OrdinalIgnoreCase);

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(3);

    private readonly HttpMessageInvoker _http = new(way ?? new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = ConnectPatience, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) });

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers.ContainsKey(Mark) || NodeFor(context.Request.Path) is not { } node)
        {
            await next(context);
            return;
        }
        using var request = RequestTo(node, context);
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // It may just have died, or its machine, where no connection comes in time: what was written of the run can be shown from here.
            if (HttpMethods.IsGet(context.Request.Method))
                await next(context);
            else
                await Problems.NodeAway(node.Id, node.Address, e is OperationCanceledException ? $"no connection within {ConnectPatience.TotalSeconds:0} s." : e.Message).ExecuteAsync(context);
            return;
        }
        using (answer)
            await CopyAsync(answer, context);
    }

    public void Dispose() => _http.Dispose();

    private NodeStanding? NodeFor(PathString path) =>
        Place().Match(path.Value ?? "") is { Success: true } match ? state.Runs.WriterOf(Uri.UnescapeDataString(match.Groups["id"].Value)) : Agent().Match(path.Value ?? "") is { Success: true } agent ? agents.NodeOf(Uri.UnescapeDataString(agent.Groups["name"].Value)) : null;

    private HttpRequestMessage RequestTo(NodeStanding node, HttpContext context)
    {
        var from = context.Request;
        var request = new HttpRequestMessage(new HttpMethod(from.Method), new Uri($"{node.Address}{from.PathBase}{from.Path.ToUriComponent()}{from.QueryString.ToUriComponent()}"));
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
            request.Content = new StreamContent(from.Body);
        foreach (var (name, values) in from.Headers.Where(h => !Dropped.Contains(h.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }
        request.Headers.TryAddWithoutValidation(Mark, state.Nodes.Own.Id);
        return request;
    }

    private static async Task CopyAsync(HttpResponseMessage answer, HttpContext context)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => !Dropped.Contains(h.Key)))
            context.Response.Headers[name] = values.ToArray();
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
            var buffer = new byte[16 * 1024];
            for (int count; (count = await body.ReadAsync(buffer, context.RequestAborted)) > 0;)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
                // Live views are a line now and then.
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // It died in the middle of its answer; the browser asks again, and gets what was written.
            context.Abort();
        }
        catch (OperationCanceledException)
        {
            // The browser is gone.
        }
    }

    [GeneratedRegex("^/(?:api/)?agents/(?<name>[^/]+)(?:/|$)")]
    private static partial Regex Agent();

    [GeneratedRegex("^/(?:api/)?(?:runs|chaos/drills)/(?<id>[^/]+)(?:/|$)")]
    private static partial Regex Place();
}
