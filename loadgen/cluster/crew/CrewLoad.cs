using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>The load of one run as its crew makes it: begins, listens, keeps, replaces who is lost, and ends when all has been told, or is not to be told any more.</summary>
internal sealed class CrewLoad : ICrewReader
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    /// <summary>How often a stop is told, until all have heard it.</summary>
    private static readonly TimeSpan StopPause = TimeSpan.FromMilliseconds(200);

    /// <summary>How long workers may take to end, beyond the time that answers may take.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Crew _crew;
    private readonly CrewOffers _offers;
    private readonly CrewState _state;
    private readonly RunClock _clock;
    private readonly Steering _steering;
    private readonly ICrewBook _book;
    private readonly SecondGathering _gathering;
    private readonly int _requestCount;
    private readonly IReadOnlyList<ShareTotals> _told;
    private readonly AskedLoad _asked;
    private readonly TimeSpan _duration;
    private readonly TimeSpan _answers;
    private IReadOnlyList<OrderedChange> _changes = [];
    private Task _telling = Task.CompletedTask;
    private long _orders;
    private TimeSpan _toldAt = TimeSpan.MinValue;
    private bool _mustTell = true;
    private bool _stopped;
    private TimeSpan? _allAnsweredAt;
    private TimeSpan? _stoppedAt;
    private TimeSpan? _nobodySince;
    private long _fenced;

    public CrewLoad(Crew crew, Workload workload, RunWriter writer, RunClock clock, Steering steering, ICrewBook book)
    {
        (_crew, _clock, _steering, _book) = (crew, clock, steering, book);
        _state = new CrewState(new ShareLedger([.. crew.Members.Select(m => m.Name)]), crew.Members, crew.Offers.Weights, crew.Offers.Heartbeat, crew.Offers.Lease);
        var (manifest, plan) = (writer.Manifest, workload.Plan);
        _offers = crew.Offers;
        _orders = crew.FirstOrders;
        _requestCount = manifest.Requests.Count;
        _gathering = new SecondGathering(_requestCount);
        _told = [.. crew.Members.Select(_ => new ShareTotals(_requestCount))];
        var split = new ShareSplit([.. crew.Offers.Weights.Select(w => (decimal)w)]);
        List<ShareExpectation> expected = [.. crew.Members.Select((_, i) => new ShareExpectation(workload, new WorkShare(split, i), steering))];
        _asked = (share, from, until) => expected[share].IsKnown ? expected[share].In(from, until).Requests : null;
        _duration = manifest.Duration;
        _answers = plan.Requests.Max(plan.TimeoutOf);
    }

    /// <summary>Makes the load.</summary>
    /// <param name="stop">Ends it early.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        await _crew.EndWaitingAsync();
        _crew.Desk.HandOnTo(this);
        var now = _clock.Now;
        lock (_gate)
        {
            foreach (var member in _state.Members)
                member.Heard = now > TimeSpan.Zero ? now : TimeSpan.Zero;
            foreach (var term in _state.Ledger.Current)
                Begin(term);
        }
        while (!IsOver(stop.IsCancellationRequested))
        {
            Tick();
            await Task.Delay(Beat, _crew.Time, CancellationToken.None);
        }
        foreach (var (second, generator) in _gathering.Rest())
            _book.Watch(second, generator);
        Reconcile();
        TellCounts();
    }

    public bool Knows(string worker)
    {
        lock (_gate)
            return _state.Find(worker) is not null;
    }

    public void Take(WorkerCard card)
    {
        // The desk keeps those.
    }

    public void Take(Beat beat)
    {
        lock (_gate)
        {
            // A worker that has just been given something waits for its lease, which begins with the first beat that it knows was heard.
            _mustTell |= _state.Take(beat, Now) == BeatFate.First;
        }
    }

    public void Take(ShareReady ready)
    {
        lock (_gate)
        {
            if (_state.Ledger.Find(ready.Share, ready.Epoch, ready.Worker) is not { IsLost: false, Ended: null } term || _state.Find(ready.Worker) is not { } member)
                return;
            if (ready.Problems.Count > 0)
            {
                member.HasRefused = true;
                Lose(term, ready.Problems[0]);
                return;
            }
            member.Ready ??= ready;
            member.Heard = Now;
            Begin(term);
        }
    }

    public void Take(ShareSecond second, ReadOnlySpan<byte> interval)
    {
        var counts = Decode(second, interval);
        lock (_gate)
        {
            var fate = _state.Ledger.Take(second.Worker, second.Share, second.Epoch, counts);
            if (fate == SecondFate.Unknown)
                throw new InvalidDataException($"Worker {second.Worker} tells of second {counts.Second} of share {second.Share}, epoch {second.Epoch}, which it was never given.");
            if (fate == SecondFate.Fenced)
                _fenced++;
            if (fate != SecondFate.Taken)
                return;
            var generator = second.Generator with { Worker = second.Worker };
            _book.Keep(counts, generator);
            _told[second.Share].Add(counts);
            _gathering.Add(counts, generator);
            foreach (var data in second.UsedUp)
                _book.UsedUp(data);
        }
    }

    public void Take(ShareEnded ended)
    {
        lock (_gate)
        {
            if (_state.Ledger.Find(ended.Share, ended.Epoch, ended.Worker) is not { Ended: null } term)
                return;
            term.Ended = ended;
            if (term.IsLost)
                _book.Tell(new TimelineEvent.WorkerHeard(Now, term.Worker, term.Late));
            else if (ended.Failure is { } why)
                Lose(term, why);
            else if (ended.LeaseRanOut && ended.Until < End)
                Lose(term, "it heard nothing of the coordinator until its lease ran out");
        }
    }

    private TimeSpan Now => _clock.Now is var now && now > TimeSpan.Zero ? now : TimeSpan.Zero;

    private TimeSpan End => _steering.State.FinishedAt ?? _duration;

    private void Begin(ShareTerm term) => _crew.Post.Send(term.Worker, () => _offers.Begin(term, _clock));

    private void Lose(ShareTerm term, string why)
    {
        term.IsLost = true;
        _mustTell = true;
        _book.Tell(new TimelineEvent.WorkerLost(Now, term.Worker, TimeSpan.Zero, why));
    }

    private Interval Decode(ShareSecond second, ReadOnlySpan<byte> bytes)
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

    private void Tick()
    {
        List<(EngineSecond Second, GeneratorSample Generator)> due;
        Orders? orders;
        lock (_gate)
        {
            Follow();
            Replace();
            due = [.. _gathering.Due(_clock.Now, _state.Ledger.IsComplete)];
            orders = OrdersIfDue();
        }
        if (orders is not null)
            _telling = _crew.Post.TellAsync(orders);
        foreach (var (second, generator) in due)
            _book.Watch(second, generator);
    }

    private void Follow()
    {
        if (_steering.ChangeCount == _changes.Count)
            return;
        _changes = [.. _steering.Changes.Select(c => new OrderedChange(c.At, SteeringText.Write(c.Change)))];
        _mustTell = true;
    }

    private void Replace()
    {
        // While nothing can be carried nobody can be heard, and nobody told to take over.
        if (!_crew.Post.IsConnected || _clock.Now < TimeSpan.Zero)
            return;
        var now = Now;
        foreach (var (worker, silence) in _state.Silent(now))
        {
            _mustTell = true;
            _book.Tell(new TimelineEvent.WorkerLost(now, worker.Name, silence));
        }
        if (_stopped)
            return;
        foreach (var (from, to) in _state.TakeOver(now, End, _crew.Desk.There))
        {
            _mustTell = true;
            _book.Tell(new TimelineEvent.ShareTakenOver(to.From, to.Share, from.Worker, to.Worker));
            _crew.Post.Send(to.Worker, () => _offers.Of(to));
        }
    }

    private Orders? OrdersIfDue()
    {
        var pause = _stopped ? StopPause : _offers.Heartbeat / 2;
        var now = _clock.Now;
        // One after the other: a bus that is away for a while need not carry all that became old meanwhile.
        if (!_telling.IsCompleted)
            return null;
        if (!_mustTell && _toldAt != TimeSpan.MinValue && now - _toldAt < pause)
            return null;
        (_mustTell, _toldAt) = (false, now);
        return new Orders { Number = _orders++, Holders = _state.Ledger.Holders, Heard = _state.Beats, Changes = _changes, Stop = _stopped };
    }

    private bool IsOver(bool stop)
    {
        lock (_gate)
        {
            if (stop && !_stopped)
                (_stopped, _stoppedAt, _mustTell) = (true, Now, true);
            var now = Now;
            var end = _stoppedAt is { } stopped && stopped < End ? stopped : End;
            var current = _state.Ledger.Current.ToList();
            if (!_stopped && NobodyIsLeft(now, current))
                return true;
            var answered = current.TrueForAll(t => t.IsLost || t.IsComplete) && (_stopped || now >= end || current.TrueForAll(t => t.IsComplete));
            if (!answered)
                return now > end + (_stopped ? TimeSpan.Zero : _answers) + _offers.Lease + EndPatience;
            _allAnsweredAt ??= now;
            // Who was lost may be cut off and still have results, if it is not dead.
            return _state.Ledger.Terms.All(t => t.IsComplete) || now > _allAnsweredAt + _offers.Lease;
        }
    }

    // Who comes back within the lease goes on; later the load is over.
    private bool NobodyIsLeft(TimeSpan now, List<ShareTerm> current)
    {
        if (!_crew.Post.IsConnected || current.Exists(t => !t.IsLost))
            _nobodySince = null;
        else
            _nobodySince ??= now;
        return now - _nobodySince > _offers.Lease;
    }

    private void Reconcile()
    {
        lock (_gate)
        {
            foreach (var back in _state.Ledger.Terms.Where(t => t is { IsLost: true, Ended: null, Late: > 0 }))
                _book.Tell(new TimelineEvent.WorkerHeard(Now, back.Worker, back.Late));
            var end = _stoppedAt is { } stopped && stopped < End ? stopped : End;
            var (seconds, events) = new LostLoad(_state.Ledger, _told, _asked, _requestCount).Count(end);
            foreach (var second in seconds)
                _book.Keep(second);
            foreach (var what in events)
                _book.Tell(what);
        }
    }

    private void TellCounts()
    {
        if (_fenced > 0)
            _book.Tell(new TimelineEvent.DataLost(Now, $"{_fenced} s of results were refused: they tell of load that was another worker's to make by then"));
        if (_crew.Post.Poisoned is > 0 and var poisoned)
            _book.Tell(new TimelineEvent.DataLost(Now, $"{poisoned} messages could not be understood; they lie with the dead letters"));
    }
}
