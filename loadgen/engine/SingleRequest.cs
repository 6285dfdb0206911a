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

/// <summary>Sends requests once ("try it"), over SocketsHttpHandler and sockets.</summary>
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
        TryAsync([request], options, runId, guard, stop);

    /// <summary>
    /// Likewise one request of a scenario; for a message, what is done on its connection before it is done first. None takes longer than
    /// <paramref name="longest"/>, whatever the plan says.
    /// </summary>
    public static Task<TriedRequest> TryAsync(
        Scenario scenario, Step.Request request, HttpOptions options, string runId, TimeSpan longest, CancellationToken stop, TargetGuard? guard = null)
    {
        var before = scenario.Steps.TakeWhile(s => s != request).ToList();
        var connect = request.Socket is SocketAction.Message ? before.FindLastIndex(s => s is Step.Request { Socket: SocketAction.Connect }) : before.Count;
        var chain = before.Skip(connect).OfType<Step.Request>().Where(r => r.Socket is not null).Append(request);
        return TryAsync([.. chain.Select(Limited)], options, runId, guard, stop);

        Step.Request Limited(Step.Request r) => (r.Timeout ?? options.Timeout) is var asked && asked < longest ? r : r with { Timeout = longest };
    }

    /// <summary>Sends a scenario's requests one after the other, as its first iteration would but without pauses.</summary>
    public static async IAsyncEnumerable<(Step.Request Request, TriedRequest Tried)> TryAllAsync(
        Scenario scenario, HttpOptions options, string runId, [EnumeratorCancellation] CancellationToken stop, TargetGuard? guard = null)
    {
        await using var trial = new Trial(options, runId, guard, stop);
        foreach (var step in scenario.Steps)
        {
            if (step is Step.Request request)
                yield return (request, await trial.TryAsync(request));
            else if (step is Step.Close)
                await trial.CloseAsync();
        }
    }

    private static async Task<TriedRequest> TryAsync(IReadOnlyList<Step.Request> requests, HttpOptions options, string runId, TargetGuard? guard, CancellationToken stop)
    {
        await using var trial = new Trial(options, runId, guard, stop);
        TriedRequest? tried = null;
        foreach (var request in requests)
            tried = await trial.TryAsync(request);
        return tried!;
    }
}
