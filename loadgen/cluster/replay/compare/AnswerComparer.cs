using Pressure.LoadGen;
using Pressure.Record;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>
/// Holds a replay's answers against the captured ones, or against those of servers of today.
/// <code>
/// lane: Over -> captured answer -> ComparisonWorker -> DifferenceBook
///            -> primary, secondary: the same request, sent by a copy of the client -> ComparisonWorker -> DifferenceBook
/// </code>
/// Lanes only copy bytes; what finds no room is counted.
/// </summary>
internal sealed class AnswerComparer : IReplayComparer, IAsyncDisposable
{
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1);

    private readonly string[] _endpoints;
    private readonly DifferenceBook _book;
    private readonly ComparisonWorker _worker;
    private readonly ReferenceReplay? _references;

    private AnswerComparer(ReplayJob job, ReplayComparison asked, ComparisonRules rules, bool insecure, TimeProvider time)
    {
        _endpoints = [.. job.Endpoints.Select(e => $"{e.Method} {e.Path}")];
        _book = new DifferenceBook(asked switch
        {
            { Secondary: not null } => ComparedWith.PrimaryAndSecondary,
            { Primary: not null } => ComparedWith.Primary,
            _ => ComparedWith.Captured,
        });
        _worker = new ComparisonWorker(new AnswerComparison(rules), _book);
        if (asked.Primary is not null)
            _references = new ReferenceReplay(asked, job, _worker, _book, insecure, time);
    }

    /// <summary>Makes one ready; null when nothing is to be compared.</summary>
    /// <param name="job">The replay.</param>
    /// <param name="insecure">Whether certificates of the primary and the secondary are not checked.</param>
    /// <param name="time">Tells the time of day, for cookies that expire.</param>
    /// <param name="problems">What is wrong with the fields to ignore; empty if nothing is.</param>
    public static AnswerComparer? Open(ReplayJob job, bool insecure, TimeProvider time, out IReadOnlyList<RuleProblem> problems)
    {
        problems = [];
        if (job.Order.Compare is not { } asked)
            return null;
        var rules = ComparisonRules.Read(asked.Ignore, out problems);
        return problems.Count > 0 ? null : new AnswerComparer(job, asked, rules, insecure, time);
    }

    /// <summary>What has been found so far.</summary>
    public DifferenceRecord Snapshot() => _book.Snapshot();

    /// <inheritdoc/>
    public void Take(CapturedExchange captured, EncodedRequest request, SentRequest sent, in ReplayedAnswer answer)
    {
        var target = request.Buffer.AsSpan()[request.Target];
        var endpoint = _endpoints[request.Endpoint];
        if (!CameWhole(request, answer))
            _book.NotCompared("no-answer");
        else if (_references is not null)
            _references.Take(endpoint, request, sent.Sender, answer);
        else if (!captured.HasResponse)
            _book.NotCompared("not-captured");
        else if (captured.Marks.HasFlag(ExchangeMarks.ResponseIncomplete))
            _book.NotCompared("incomplete");
        else
            _worker.Offer(endpoint, target, AnswerBytes.Of(captured.Response, captured.Marks.HasFlag(ExchangeMarks.Masked)), new AnswerBytes(answer.Head, answer.Body, answer.BodyLength));
    }

    /// <summary>Waits until all is compared, as long as that may take; what is left then is counted.</summary>
    public async Task FinishAsync(TimeSpan atMost)
    {
        if (_references is not null)
            await _references.FinishAsync(atMost);
        // What came from there is compared within a moment.
        await Task.Run(() => _worker.Finish(atMost < Forever ? atMost : Forever));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_references is not null)
            await _references.DisposeAsync();
        _worker.Dispose();
    }

    /// <summary>A status that fails the request is an answer all the same; one that broke off is none.</summary>
    private static bool CameWhole(EncodedRequest request, in ReplayedAnswer answer) =>
        answer.Error is RequestError.None or RequestError.CheckFailed && (request.Awaited is not null || answer.Status > 0);
}
