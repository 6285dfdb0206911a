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
    /// <summary>Sends the request as the engine would.</summary>
    public static Task<TriedRequest> TryAsync(Step.Request request, HttpOptions options, string runId, CancellationToken stop) => throw new NotImplementedException();
}
