using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>What the workers of a run have told: keeps it, adds it up, and knows in the end what nobody told. Not thread-safe.</summary>
internal sealed class CrewAccounts
{
    private readonly ICrewBook _book;
    private readonly ShareLedger _ledger;
    private readonly IReadOnlyList<ShareTotals> _told;
    private readonly List<ShareExpectation> _expected;
    private readonly int _requestCount;
    private readonly CrewPast? _past;
    private readonly CrewReplay? _replay;
    private readonly ReplayExpectation? _replayed;
    private long _fenced;

    public CrewAccounts(Workload workload, IReadOnlyList<int> weights, ShareLedger ledger, Steering steering, ICrewBook book, Crew crew)
    {
        var past = crew.Past;
        (_book, _ledger, _past, _requestCount) = (book, ledger, past, workload.Plan.Requests.Count);
        Gathering = new SecondGathering(_requestCount);
        _told = [.. weights.Select(_ => new ShareTotals(_requestCount))];
        var split = new ShareSplit([.. weights.Select(w => (decimal)w)]);
        _expected = [.. weights.Select((_, share) => new ShareExpectation(workload, new WorkShare(split, share), steering))];
        foreach (var second in past?.Intervals.Where(i => (uint)i.Share < (uint)_told.Count) ?? [])
            _told[second.Share].Add(second);
        past?.ForgetIntervals();
        if (crew.Request.Run.Captures is { } captures)
            (_replay, _replayed) = (new(captures, ledger, _told, isBack: past is not null), new(captures, weights, crew.Time));
    }

    /// <summary>For the live view.</summary>
    public SecondGathering Gathering { get; }

    /// <summary>Takes a second apart.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public Interval Decode(ShareSecond second, ReadOnlySpan<byte> bytes)
    {
        var counts = Interval.Decode(bytes);
        if (counts.Requests.Count != _requestCount)
            throw new InvalidDataException($"The interval has {counts.Requests.Count} requests, the run {_requestCount}.");
        if (counts.Share == second.Share)
            return counts;
        var own = new Interval(second.Share, counts.Second, _requestCount);
        own.Add(counts);
        return own;
    }

    /// <summary>Takes a second that a worker tells; it is in the record when this returns, if it belongs there.</summary>
    /// <exception cref="InvalidDataException">Nobody was given what it tells of.</exception>
    public void Take(ShareSecond second, Interval counts)
    {
        switch (_ledger.Take(second.Worker, second.Share, second.Epoch, counts))
        {
            case SecondFate.Unknown:
                throw new InvalidDataException($"Worker {second.Worker} tells of second {counts.Second} of share {second.Share}, epoch {second.Epoch}, which it was never given.");
            case SecondFate.Fenced:
                _fenced++;
                break;
            case SecondFate.Taken when _past?.Knows(counts) != true:
                Keep(second, counts);
                break;
        }
    }

    /// <summary>Takes what a worker tells of its share of a replay.</summary>
    /// <exception cref="InvalidDataException">No worker would tell that, or there is no replay.</exception>
    public void Take(ShareReplay told, TimeSpan now)
    {
        if (_replay is null)
            throw new InvalidDataException($"Worker {told.Worker} tells of a replay, but the run is none.");
        if (_replay.Take(told) is { } conflict)
            _book.Tell(new TimelineEvent.DataLost(now, conflict));
    }

    /// <summary>Keeps what is known of a replay, now and then.</summary>
    public void KeepReplay(TimeSpan now) => _replay?.KeepIfDue(now, _book);

    /// <summary>Counts what was not made, once all is told that ever will be.</summary>
    /// <param name="end">Where the load ended.</param>
    /// <param name="now">On the run's clock.</param>
    /// <param name="poisoned">Messages of which nobody could make anything.</param>
    public void Close(TimeSpan end, TimeSpan now, long poisoned)
    {
        foreach (var back in _ledger.Terms.Where(t => t is { IsLost: true, Ended: null, Late: > 0 }))
            _book.Tell(new TimelineEvent.WorkerHeard(now, back.Worker, back.Late));
        var (seconds, events) = new LostLoad(_ledger, _told, Asked, _requestCount).Count(end);
        foreach (var second in seconds)
            _book.Keep(second);
        foreach (var what in events)
            _book.Tell(what);
        _replay?.Keep(_book, seconds.Sum(s => s.Requests.Sum(r => r.Asked)));
        if (_fenced > 0)
            _book.Tell(new TimelineEvent.DataLost(now, $"{_fenced} s of results were refused: they tell of load that was another worker's to make by then"));
        if (poisoned > 0)
            _book.Tell(new TimelineEvent.DataLost(now, $"{poisoned} messages could not be understood; they lie with the dead letters"));
    }

    private void Keep(ShareSecond second, Interval counts)
    {
        var generator = second.Generator with { Worker = second.Worker };
        _book.Keep(counts, generator);
        _told[second.Share].Add(counts);
        Gathering.Add(counts, generator);
        foreach (var data in second.UsedUp)
            _book.UsedUp(data);
    }

    private IReadOnlyList<long>? Asked(int share, TimeSpan from, TimeSpan until) => _expected[share].IsKnown ? _expected[share].In(from, until).Requests : _replayed?.In(share, from, until);
}
