using System.Diagnostics;
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
    /// <summary>Sends the request as the engine would. Cancelled, it gives what it has, with <see cref="RequestError.Stopped"/>.</summary>
    public static async Task<TriedRequest> TryAsync(Step.Request request, HttpOptions options, string runId, CancellationToken stop)
    {
        using var handler = HandlerFactory.Create(options, _ => { });
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        var copy = new ResponseCopy();
        var trace = new RandomStream(runId, 0).NextTrace();
        var start = Stopwatch.GetTimestamp();
        var outcome = await HandlerExchange.RunAsync(invoker, new HandlerRequest(request, options, runId), trace, options.Timeout, stop, copy);
        return new(copy.Status, outcome.Error, Stopwatch.GetElapsedTime(start), copy.Headers, copy.BodyStart, copy.BodyLength, copy.FailedChecks);
    }
}
