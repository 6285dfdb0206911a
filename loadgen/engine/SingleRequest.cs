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

/// <summary>Sends requests once ("try it"), over SocketsHttpHandler and sockets.</summary>
public static class SingleRequest
{
    /// <summary>
    /// Sends the request as the engine would in its first iteration. Cancelled, it gives what it has, with <see cref="RequestError.Stopped"/>.
    /// </summary>
    public static Task<TriedRequest> TryAsync(Step.Request request, HttpOptions options, string runId, CancellationToken stop) =>
        TryAsync([request], options, runId, stop);

    /// <summary>Likewise one request of a scenario; for a message, what is done on its connection before it is done first.</summary>
    public static Task<TriedRequest> TryAsync(Scenario scenario, Step.Request request, HttpOptions options, string runId, CancellationToken stop)
    {
        var before = scenario.Steps.TakeWhile(s => s != request).ToList();
        var connect = request.Socket is SocketAction.Message ? before.FindLastIndex(s => s is Step.Request { Socket: SocketAction.Connect }) : before.Count;
        return TryAsync([.. before.Skip(connect).OfType<Step.Request>().Where(r => r.Socket is not null), request], options, runId, stop);
    }

    /// <summary>Sends a scenario's requests one after the other, as its first iteration would but without pauses.</summary>
    public static async IAsyncEnumerable<(Step.Request Request, TriedRequest Tried)> TryAllAsync(
        Scenario scenario, HttpOptions options, string runId, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var trial = new Trial(options, runId, stop);
        foreach (var step in scenario.Steps)
        {
            if (step is Step.Request request)
                yield return (request, await trial.TryAsync(request));
            else if (step is Step.Close)
                await trial.CloseAsync();
        }
    }

    private static async Task<TriedRequest> TryAsync(IReadOnlyList<Step.Request> requests, HttpOptions options, string runId, CancellationToken stop)
    {
        await using var trial = new Trial(options, runId, stop);
        TriedRequest? tried = null;
        foreach (var request in requests)
            tried = await trial.TryAsync(request);
        return tried!;
    }
}
