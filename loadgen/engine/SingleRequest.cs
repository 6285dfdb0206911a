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
public sealed record TriedRequest(int Status, Record.RequestError Error, TimeSpan Duration, IReadOnlyList<KeyValuePair<string, string>> Headers, string BodyStart, long BodyLength, IReadOnlyList<string> FailedChecks);

/// <summary>Sends one request once ("try it"), over SocketsHttpHandler.</summary>
public static class SingleRequest
{
    /// <summary>
    /// Sends the request as the engine would in its first iteration. Cancelled, it gives what it has, with <see cref="RequestError.Stopped"/>.
    /// </summary>
    public static Task<TriedRequest> TryAsync(Step.Request request, HttpOptions options, string runId, CancellationToken stop) =>
        TryAsync(request, options, FirstIteration(), runId, stop);

    /// <summary>Sends a scenario's requests one after the other, as its first iteration would but without pauses.</summary>
    public static async IAsyncEnumerable<(Step.Request Request, TriedRequest Tried)> TryAllAsync(
        Scenario scenario, HttpOptions options, string runId, [EnumeratorCancellation] CancellationToken stop)
    {
        var scope = FirstIteration();
        foreach (var request in scenario.Steps.OfType<Step.Request>())
            yield return (request, await TryAsync(request, options, scope, runId, stop));
    }

    private static IterationScope FirstIteration()
    {
        var scope = new IterationScope(TimeProvider.System.GetUtcNow);
        scope.Begin(0);
        return scope;
    }

    private static async Task<TriedRequest> TryAsync(Step.Request request, HttpOptions options, IterationScope scope, string runId, CancellationToken stop)
    {
        if (request.Template?.CanRender(scope) == false)
            return new(0, RequestError.ExtractionFailed, TimeSpan.Zero, [], "", 0, ["not sent: a value that it needs was missing in an earlier response"]);
        using var handler = HandlerFactory.Create(options, new(options.LocalAddresses), _ => { });
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        var copy = new ResponseCopy();
        var trace = new RandomStream(runId, 0).NextTrace();
        var start = Stopwatch.GetTimestamp();
        var outcome = await HandlerExchange.RunAsync(invoker, new HandlerRequest(request, options, runId), scope, trace, options.Timeout, stop, copy);
        return new(copy.Status, outcome.Error, Stopwatch.GetElapsedTime(start), copy.Headers, copy.BodyStart, copy.BodyLength, copy.FailedChecks);
    }
}
