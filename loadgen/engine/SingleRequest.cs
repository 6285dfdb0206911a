using System.Diagnostics;
using System.Runtime.CompilerServices;
using Pressure.LoadGen.Engine;
using Pressure.Record;

namespace Pressure.LoadGen;

/// <summary>What one request gave, for a person to look at.</summary>
/// <param name="Status">Status, 0 without a response.</param>
/// <param name="Error">What failed; <see cref="Record.RequestError.None"/> if nothing did.</param>
/// <param name="Duration">Time from connect to the last byte read.</param>
/// <param name="Headers">Response headers.</param>
/// <param name="BodyStart">The first 16 KiB of the body.</param>
/// <param name="BodyLength">The whole body's length as far as it was read.</param>
/// <param name="FailedChecks">Checks that did not hold, in words.</param>
public sealed record TriedRequest(int Status, Record.RequestError Error, TimeSpan Duration, IReadOnlyList<KeyValuePair<string, string>> Headers, string BodyStart, long BodyLength, IReadOnlyList<string> FailedChecks)
{
    /// <summary>Where the request went, its slots filled, and where redirects then led; empty if it was not sent.</summary>
    public IReadOnlyList<Uri> Urls { get; init; } = [];
}

/// <summary>Sends one request once ("try it"), over SocketsHttpHandler.</summary>
public static class SingleRequest
{
    /// <summary>
    /// Sends the request as the engine would in its first iteration. Cancelled, it gives what it has, with <see cref="RequestError.Stopped"/>.
    /// </summary>
    /// <param name="request">What to send.</param>
    /// <param name="options">How.</param>
    /// <param name="runId">For <c>X-Pressure-Run</c>.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="guard">Where redirects may lead besides to the request's own host; null for loopback alone.</param>
    public static Task<TriedRequest> TryAsync(Step.Request request, HttpOptions options, string runId, CancellationToken stop, TargetGuard? guard = null) =>
        TryAsync(request, options, FirstIteration(), runId, guard, stop);

    /// <summary>Sends a scenario's requests one after the other, as its first iteration would but without pauses.</summary>
    public static async IAsyncEnumerable<(Step.Request Request, TriedRequest Tried)> TryAllAsync(
        Scenario scenario, HttpOptions options, string runId, [EnumeratorCancellation] CancellationToken stop, TargetGuard? guard = null)
    {
        var scope = FirstIteration();
        foreach (var request in scenario.Steps.OfType<Step.Request>())
            yield return (request, await TryAsync(request, options, scope, runId, guard, stop));
    }

    private static IterationScope FirstIteration()
    {
        var scope = new IterationScope(TimeProvider.System.GetUtcNow);
        scope.Begin(0);
        return scope;
    }

    private static async Task<TriedRequest> TryAsync(Step.Request request, HttpOptions options, IterationScope scope, string runId, TargetGuard? guard, CancellationToken stop)
    {
        if (request.Template?.CanRender(scope) == false)
            return new(0, RequestError.ExtractionFailed, TimeSpan.Zero, [], "", 0, ["not sent: a value that it needs was missing in an earlier response"]);
        using var handler = HandlerFactory.Create(options, new(options.LocalAddresses), _ => { });
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        var copy = new ResponseCopy();
        var trace = new RandomStream(runId, 0).NextTrace();
        var start = Stopwatch.GetTimestamp();
        var sent = new HandlerRequest(request, options, runId);
        var exchange = new HandlerExchange(invoker, sent, new RedirectGuard([request.Url], guard ?? new([])), copy);
        var outcome = await exchange.RunAsync(scope, trace, sent.Timeout, stop);
        return new(copy.Status, outcome.Error, Stopwatch.GetElapsedTime(start), copy.Headers, copy.BodyStart, copy.BodyLength, copy.FailedChecks) { Urls = copy.Urls };
    }
}
