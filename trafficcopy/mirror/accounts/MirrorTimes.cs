using Pressure.Record;

namespace Pressure.Mirror;

/// <summary>How long things took. Thread-safe; a lock for as long as an array's cell takes.</summary>
internal sealed class MirrorTimes
{
    private readonly TimeBook _production = new();
    private readonly TimeBook _productionOfCopied = new();
    private readonly TimeBook _copies = new();

    /// <summary>Production answered.</summary>
    public void Answered(TimeSpan time) => _production.Record(time);

    /// <summary>The test target answered a copy, and what production had taken for the same request.</summary>
    public void Copied(TimeSpan production, TimeSpan copy)
    {
        _productionOfCopied.Record(production);
        _copies.Record(copy);
    }

    /// <summary>Production's times of all requests, of those that were copied, and the test target's.</summary>
    public (AnswerTimes All, AnswerTimes OfCopied, AnswerTimes Copies) Snapshot() => (_production.Snapshot(), _productionOfCopied.Snapshot(), _copies.Snapshot());

    private sealed class TimeBook
    {
        private readonly Lock _gate = new();
        private readonly Histogram _times = new();

        public void Record(TimeSpan time)
        {
            lock (_gate)
                _times.Record(time);
        }

        public AnswerTimes Snapshot()
        {
            lock (_gate)
                return new AnswerTimes(_times.Percentile(50).TotalMilliseconds, _times.Percentile(95).TotalMilliseconds, _times.Percentile(99).TotalMilliseconds, _times.Max.TotalMilliseconds);
        }
    }
}

/// <summary>How long answers took, in milliseconds, from the request's head to the last byte of the answer.</summary>
/// <param name="P50">Half of them at most.</param>
/// <param name="P95">95 %.</param>
/// <param name="P99">99 %.</param>
/// <param name="Max">All.</param>
public sealed record AnswerTimes(double P50, double P95, double P99, double Max);
