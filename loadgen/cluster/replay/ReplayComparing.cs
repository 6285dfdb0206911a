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
    private readonly LiveAnswers? _live;

    /// <param name="compare">How.</param>
    /// <param name="requests">The run's requests, whose names are the endpoints'.</param>
    public ReplayComparing(ReplayComparison compare, IReadOnlyList<RequestManifest> requests)
    {
        _names = [.. requests.Select(r => r.Name)];
        _book = new(compare.Primary is null ? ComparedWith.Captured : compare.Secondary is null ? ComparedWith.Primary : ComparedWith.PrimaryAndSecondary);
        _worker = new(new AnswerComparison(ComparisonRules.Read(compare.Ignore, out _)), _book);
        _live = compare.Primary is { } primary ? new(primary, compare.Secondary, _worker, _book) : null;
    }

    /// <summary>What was found so far.</summary>
    public DifferenceRecord Snapshot() => _book.Snapshot();

    /// <inheritdoc/>
    public void Take(CapturedExchange captured, EncodedRequest request, in ReplayedAnswer answer)
    {
        if (answer.Status == 0 && request.Awaited is null)
        {
            _book.NotCompared("no-answer");
            return;
        }

        var actual = new AnswerBytes(answer.Head, answer.Body, answer.BodyLength);
        if (_live is not null && request.Awaited is null)
            _live.Offer(_names[request.Endpoint], request, actual);
        else if (!captured.HasResponse || captured.Marks.HasFlag(ExchangeMarks.ResponseIncomplete))
            _book.NotCompared("incomplete");
        else
            _worker.Offer(_names[request.Endpoint], request.Buffer.AsSpan()[request.Target], AnswerBytes.Of(captured.Response), actual);
    }

    /// <summary>Waits for what is still to be compared, for a while.</summary>
    public void Finish()
    {
        _live?.Finish(Patience);
        _worker.Finish(Patience);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _live?.Dispose();
        _worker.Dispose();
    }
}
