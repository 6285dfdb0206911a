using Pressure.Web.Runs;

namespace Pressure.Web.Api;

/// <summary>The answer to one request.</summary>
/// <param name="Method">Method sent.</param>
/// <param name="Url">URL sent to; what was not sent, as the plan has it.</param>
/// <param name="Redirects">Where redirects led from there, in order.</param>
/// <param name="Status">Status, 0 without an answer.</param>
/// <param name="Error">What failed, in kebab case; null if nothing did.</param>
/// <param name="Milliseconds">From connecting to the last byte.</param>
/// <param name="Headers">Headers of the answer, in order.</param>
/// <param name="Body">The first KiB of the body.</param>
/// <param name="BodyLength">The body's length as far as it was read.</param>
/// <param name="FailedChecks">Checks that did not hold, in words.</param>
internal sealed record TriedView(
    string Method, string Url, IReadOnlyList<string> Redirects, int Status, string? Error, double Milliseconds, IReadOnlyList<KeyValuePair<string, string>> Headers,
    string Body, long BodyLength, IReadOnlyList<string> FailedChecks)
{
    /// <summary>How much of a body is shown, in characters.</summary>
    public const int Shown = 1024;

    public static TriedView Of(TryOutcome.Sent sent)
    {
        var answer = sent.Answer;
        return new TriedView(
            sent.Request.Method,
            (answer.Urls.Count > 0 ? answer.Urls[0] : sent.Request.Url).AbsoluteUri,
            [.. answer.Urls.Skip(1).Select(u => u.AbsoluteUri)],
            answer.Status,
            answer.Error == Record.RequestError.None ? null : RunView.Kebab(answer.Error),
            answer.Duration.TotalMilliseconds,
            answer.Headers,
            answer.BodyStart.Length > Shown ? answer.BodyStart[..Shown] : answer.BodyStart,
            answer.BodyLength,
            answer.FailedChecks);
    }
}
