using Pressure.LoadGen;
using Pressure.Record;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>Holds the answers of a replay against the captured ones, or against those that other servers give to the same requests now.</summary>
internal sealed class ReplayComparing : IReplayComparer, IDisposable
{
    /// <summary>How long the end of a run waits for comparisons that are still to be made.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<string> _names;
    private readonly DifferenceBook _book;
    private readonly ComparisonWorker _worker;
    private readonly ReferenceReplay? _references;

    /// <param name="compare">How.</param>
    /// <param name="requests">The run's requests, whose names are the endpoints'.</param>
    /// <param name="job">The replay.</param>
    /// <param name="insecure">Whether certificates of other servers are not checked.</param>
    /// <param name="time">Tells the time of day, for cookies that expire.</param>
    public ReplayComparing(ReplayComparison compare, IReadOnlyList<RequestManifest> requests, ReplayJob job, bool insecure, TimeProvider time)
    {
        _names = [.. requests.Select(r => r.Name)];
        _book = NewBook(compare);
        _worker = new(new AnswerComparison(ComparisonRules.Read(compare.Ignore, out _)), _book);
        _references = compare.Primary is null ? null : new(compare, job, _worker, _book, insecure, time);
    }

    /// <summary>What was found so far.</summary>
    public DifferenceRecord Snapshot() => _book.Snapshot();

    /// <summary>The same, to be added to what others have found.</summary>
    public DifferenceAccount Account() => _book.Account();

    /// <summary>Of a comparison over several shares, before anything is found.</summary>
    public static DifferenceBook NewBook(ReplayComparison compare) =>
        new(compare.Primary is null ? ComparedWith.Captured : compare.Secondary is null ? ComparedWith.Primary : ComparedWith.PrimaryAndSecondary);

    /// <inheritdoc/>
    public void Take(CapturedExchange captured, EncodedRequest request, ReplayClient sender, in ReplayedAnswer answer)
    {
        var actual = new AnswerBytes(answer.Head, answer.Body, answer.BodyLength);
        if (!IsWhole(request, answer))
            _book.NotCompared("no-answer");
        else if (_references is not null)
            _references.Take(_names[request.Endpoint], request, sender, actual);
        else if (!captured.HasResponse)
            _book.NotCompared("not-captured");
        else if (captured.Marks.HasFlag(ExchangeMarks.ResponseIncomplete))
            _book.NotCompared("incomplete");
        else
            _worker.Offer(_names[request.Endpoint], request.Buffer.AsSpan()[request.Target], AnswerBytes.Of(captured.Response, captured.Marks.HasFlag(ExchangeMarks.Masked)), actual);
    }

    /// <summary>Waits for what is still to be compared, for a while.</summary>
    public void Finish()
    {
        _references?.Finish(Patience);
        _worker.Finish(Patience);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _references?.Dispose();
        _worker.Dispose();
    }

    /// <summary>One that failed for its status is an answer all the same; one that broke off is none.</summary>
    private static bool IsWhole(EncodedRequest request, in ReplayedAnswer answer) =>
        answer.Error is RequestError.None or RequestError.CheckFailed && (request.Awaited is not null || answer.Status > 0);
}
