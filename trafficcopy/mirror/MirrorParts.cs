using Pressure.TrafficCopy;

namespace Pressure.Mirror;

/// <summary>What a mirror is put together of, but for its way to production.</summary>
internal sealed class MirrorParts : IDisposable
{
    private readonly MirrorPlan _plan;
    private readonly MirrorAccounts _accounts = new();
    private readonly MirrorTimes _times = new();

    public MirrorParts(MirrorPlan plan, IExchangeSink? record, TimeProvider time)
    {
        _plan = plan;
        Judge = plan.Compare is { } rules ? new AnswerJudge(rules, plan.Secondary is not null) : null;
        Copier = plan.Copy is null ? null : new Copier(plan, Judge, _accounts, _times, time);
        Recorder = record is null ? null : new ExchangeRecorder(record, _accounts, new ExchangeWriting(time));
        Gate = new MirrorGate(plan, _accounts, _times, Copier, Recorder, time);
    }

    public MirrorGate Gate { get; }

    public Copier? Copier { get; }

    public AnswerJudge? Judge { get; }

    public ExchangeRecorder? Recorder { get; }

    public MirrorStatus Status(TimeSpan running)
    {
        var (all, ofCopied, copies) = _times.Snapshot();
        return new MirrorStatus
        {
            Id = _plan.Id,
            Seconds = running.TotalSeconds,
            IsPaused = Gate.IsPaused,
            Production = new ProductionStatus(_accounts.Requests, ByClass(_accounts.Answers()), _accounts.Failed, _accounts.Aborted, all),
            Copies = Copier is null ? null : Copies(Copier, ofCopied, copies),
            Record = Recorder is null ? null : Recorded(Recorder),
            Differences = Judge?.Found,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Recorder?.Dispose();
        Copier?.Dispose();
        Judge?.Dispose();
    }

    private CopyStatus Copies(Copier copier, AnswerTimes production, AnswerTimes copies)
    {
        // Fates before requests: what comes in between is open, instead of one fate too many.
        var fates = CopyFates.Final.ToDictionary(f => f.Word(), f => _accounts[f]);
        var open = _accounts.Requests - fates.Values.Sum();
        return new CopyStatus(
            fates.Where(f => f.Value > 0).ToDictionary(), open, copier.Waiting, copier.UnderWay, Gate.CopyBytes.Taken, Gate.CopyBytes.Highest,
            _accounts.CopiedBytes, ByClass(_accounts.CopyAnswers()), copies, production, Word(copier.Breaker.State), copier.Breaker.Openings)
        {
            SecondaryBreaker = copier.SecondaryBreaker is { } secondary ? Word(secondary.State) : null,
        };
    }

    private RecordStatus Recorded(ExchangeRecorder recorder)
    {
        var dropped = new[] { (RecordFate.QueueFull, "queue-full"), (RecordFate.NoRoom, "no-room"), (RecordFate.Failed, "failed") };
        return new RecordStatus(_accounts[RecordFate.Recorded], recorder.Waiting, dropped.Where(d => _accounts[d.Item1] > 0).ToDictionary(d => d.Item2, d => _accounts[d.Item1]), recorder.Failure);
    }

    private static string Word(BreakerState state) => state switch
    {
        BreakerState.Closed => "closed",
        BreakerState.Open => "open",
        _ => "half-open",
    };

    private static Dictionary<string, long> ByClass(IReadOnlyList<long> counts) =>
        Enumerable.Range(0, counts.Count).Where(c => counts[c] > 0).ToDictionary(c => c == 0 ? "other" : $"{c}xx", c => counts[c]);
}
