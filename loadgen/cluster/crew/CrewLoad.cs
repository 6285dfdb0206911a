using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>The load of one run as its crew makes it: begins, listens, replaces who is lost, and ends when all has been told, or is not to be told any more.</summary>
internal sealed class CrewLoad : ICrewReader
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>How often a stop is told, until all have heard it.</summary>
    private static readonly TimeSpan StopPause = TimeSpan.FromMilliseconds(200);

    /// <summary>How long workers may take to end, beyond the time that answers may take.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    // Numbers are set aside in the run folder, so that a coordinator that comes back begins behind them.
    private const int OrdersSetAside = 10_000;

    private readonly Lock _gate = new();
    private readonly Crew _crew;
    private readonly CrewOffers _offers;
    private readonly CrewState _state;
    private readonly CrewAccounts _accounts;
    private readonly RunClock _clock;
    private readonly Steering _steering;
    private readonly HearingWatch _hearing = new();
    private readonly ICrewBook _book;
    private readonly TimeSpan _duration;
    private readonly TimeSpan _answers;
    private readonly bool _canGoOn;
    private IReadOnlyList<OrderedChange> _changes = [];
    private Task _telling = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;
    private long _orders;
    private long _ordersBelow;
    private TimeSpan? _toldAt;
    private bool _mustTell = true;
    private bool _mustSave = true;
    private bool _isClosed;
    private TimeSpan? _stoppedAt;
    private TimeSpan? _allAnsweredAt;
    private TimeSpan? _nobodySince;

    public CrewLoad(Crew crew, Workload workload, RunManifest manifest, RunClock clock, Steering steering, ICrewBook book)
    {
        (_crew, _offers, _clock, _steering, _book) = (crew, crew.Offers, clock, steering, book);
        var ledger = crew.Past?.Ledger() ?? new ShareLedger([.. crew.Members.Select(m => m.Name)]);
        _state = new CrewState(ledger, crew.Members, _offers.Weights, _offers.Heartbeat, _offers.Lease);
        _accounts = new CrewAccounts(workload, _offers.Weights, ledger, steering, book, crew);
        (_duration, _answers) = (manifest.Duration, workload.Plan.Requests.Max(workload.Plan.TimeoutOf));
        _stoppedAt = crew.Past?.File.StoppedAt;
        // What has no moments nobody can take up in the middle.
        _canGoOn = workload.Plan.Load is not Load.Replay { Order.IsAsFastAsPossible: true };
    }

    /// <summary>Makes the load.</summary>
    /// <param name="stop">Ends it early.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        await _crew.EndWaitingAsync();
        lock (_gate)
        {
            _orders = _ordersBelow = Math.Max(_crew.FirstOrders, _crew.Past?.File.OrdersBelow ?? 0);
            if (_crew.Past is not null)
                _accounts.Gathering.BeginAt((int)Now.TotalSeconds);
            foreach (var member in _state.Members)
                member.Heard = Now;
            foreach (var term in _state.Ledger.Current)
            {
                term.Listed = Now;
                Begin(term);
            }
            SaveIfChanged();
        }
        try
        {
            await MakeAsync(stop);
        }
        finally
        {
            // The post reads until the crew is let go, which is when the reports are written; the book is closed long before that.
            lock (_gate)
                _isClosed = true;
        }
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
            _mustTell |= !_isClosed && _state.Take(beat, Now) == BeatFate.First;
        }
    }

    public void Take(ShareReady ready)
    {
        lock (_gate)
        {
            if (_isClosed || _state.Ledger.Find(ready.Share, ready.Epoch, ready.Worker) is not { IsLost: false, Ended: null } term || _state.Find(ready.Worker) is not { } member)
                return;
            if (ready.Problems.Count > 0)
            {
                member.HasRefused = true;
                Lose(term, ready.Problems[0]);
                return;
            }
            (member.IsReady, member.Heard, member.ClockUncertainty) = (true, Now, ready.ClockUncertainty);
            Begin(term);
        }
    }

    public void Take(ShareSecond second, ReadOnlySpan<byte> interval)
    {
        var counts = _accounts.Decode(second, interval);
        lock (_gate)
        {
            if (!_isClosed)
                _accounts.Take(second, counts);
        }
    }

    public void Take(ShareReplay replay)
    {
        lock (_gate)
        {
            if (!_isClosed)
                _accounts.Take(replay, Now);
        }
    }

    public void Take(ShareEnded ended)
    {
        lock (_gate)
        {
            if (_isClosed || _state.Ledger.Find(ended.Share, ended.Epoch, ended.Worker) is not { Ended: null } term)
                return;
            term.Ended = ended;
            _mustSave = true;
            if (term.IsLost)
                _book.Tell(new TimelineEvent.WorkerHeard(Now, term.Worker, term.Late));
            else if (ended.Failure is { } why)
            {
                // It would fail, or leave, with another share too.
                if (_state.Find(term.Worker) is { } failed)
                    failed.HasRefused = true;
                Lose(term, why);
            }
            else if (ended.LeaseRanOut && ended.Until < LoadEnd)
                Lose(term, "it heard nothing of the coordinator until its lease ran out");
        }
    }

    private async Task MakeAsync(CancellationToken stop)
    {
        _crew.Post.AnswerBy(_clock);
        _crew.Desk.HandOnTo(this);
        // What came while there was no coordinator waits in the mailbox.
        _crew.Post.Read();
        while (!IsOver(stop.IsCancellationRequested))
        {
            Tick();
            if (_watching.IsFaulted)
                break;
            await Task.Delay(Pause, _crew.Time, CancellationToken.None);
        }
        await _watching;
        Close();
    }

    private void Close()
    {
        List<(EngineSecond Second, GeneratorSample Generator)> rest;
        lock (_gate)
        {
            // From here on nothing is taken: what a lost worker tells now is counted as not made below.
            _isClosed = true;
            rest = [.. _accounts.Gathering.Rest()];
        }
        foreach (var (second, generator) in rest)
            _book.Watch(second, generator);
        lock (_gate)
            _accounts.Close(_canGoOn || Now > LoadEnd ? LoadEnd : Now, Now, _crew.Post.Poisoned);
    }

    private TimeSpan Now => _clock.Now is var now && now > TimeSpan.Zero ? now : TimeSpan.Zero;

    /// <summary>Where the load ends as far as is known.</summary>
    private TimeSpan LoadEnd => (_steering.State.FinishedAt ?? _duration) is var end && _stoppedAt is { } stopped && stopped < end ? stopped : end;

    private void Begin(ShareTerm term) => _crew.Post.Send(term.Worker, () => _offers.Begin(term, _clock));

    private void Lose(ShareTerm term, string why)
    {
        term.IsLost = _mustTell = _mustSave = true;
        _book.Tell(new TimelineEvent.WorkerLost(Now, term.Worker, TimeSpan.Zero, why));
    }

    private void Tick()
    {
        List<(EngineSecond Second, GeneratorSample Generator)> due;
        lock (_gate)
        {
            Follow();
            var taken = Replace();
            // First into the run folder: a coordinator that comes back must know of everybody who was ever given anything.
            SaveIfChanged();
            foreach (var term in taken)
                _crew.Post.Send(term.Worker, () => _offers.Of(term));
            TellIfDue();
            _accounts.KeepReplay(Now);
            due = _watching.IsCompleted ? [.. _accounts.Gathering.Due(_clock.Now, _state.Ledger.IsComplete)] : [];
        }
        // Whoever looks at a second may take its time; orders, which workers live by, may not.
        if (due.Count > 0)
            _watching = Task.Run(() => due.ForEach(d => _book.Watch(d.Second, d.Generator)));
    }

    private void Follow()
    {
        if (_steering.ChangeCount == _changes.Count)
            return;
        _changes = [.. _steering.Changes.Select(c => new OrderedChange(c.At, SteeringText.Write(c.Change)))];
        _mustTell = _mustSave = true;
    }

    private List<ShareTerm> Replace()
    {
        var (now, end) = (Now, LoadEnd);
        if (!_hearing.CanJudge(now, _crew.Post.IsConnected) || _clock.Now < TimeSpan.Zero)
            return [];
        foreach (var (worker, silence) in _state.Silent(now))
        {
            _mustTell = _mustSave = true;
            _book.Tell(new TimelineEvent.WorkerLost(now, worker.Name, silence));
        }
        if (_stoppedAt is not null || now >= end)
            return [];
        foreach (var idle in _state.Unlisted(now))
            Lose(idle, $"it does not make share {idle.Share + 1} any more, though it is heard");
        if (!_canGoOn)
            return [];
        var taken = _state.TakeOver(now, end, _crew.Desk.There);
        foreach (var (from, to) in taken)
        {
            _mustTell = _mustSave = true;
            _book.Tell(new TimelineEvent.ShareTakenOver(to.From, to.Share, from.Worker, to.Worker));
        }
        return [.. taken.Select(t => t.To)];
    }

    private void SaveIfChanged()
    {
        if (!_mustSave && _orders < _ordersBelow)
            return;
        _mustSave = false;
        _ordersBelow = _orders + OrdersSetAside;
        _book.Save(new CrewFile
        {
            PlanFolder = _crew.Request.PlanFolder,
            Offered = _crew.Request.Offered,
            Allow = _offers.Allow,
            Workers = [.. _state.Members.Select(m => m.Card)],
            Shares = [.. _state.Ledger.Shares.Select(terms => (IReadOnlyList<TermRecord>)[.. terms.Select(TermRecord.Of)])],
            Changes = _changes,
            OrdersBelow = _ordersBelow,
            StoppedAt = _stoppedAt,
        }.Write());
    }

    private void TellIfDue()
    {
        // One after the other: a bus that is away for a while need not carry all that became old meanwhile.
        if (!_telling.IsCompleted)
            return;
        var (now, pause) = (_clock.Now, _stoppedAt is null ? LeaseTimes.BeatPause(_offers.Heartbeat) : StopPause);
        if (!_mustTell && now - _toldAt < pause)
            return;
        (_mustTell, _toldAt) = (false, now);
        _telling = _crew.Post.TellAsync(new Orders { Number = _orders++, Holders = _state.Ledger.Holders, Heard = _state.Beats, Changes = _changes, Stop = _stoppedAt is not null });
    }

    private bool IsOver(bool stop)
    {
        lock (_gate)
        {
            var now = Now;
            if (stop && _stoppedAt is null)
                (_stoppedAt, _mustTell, _mustSave) = (now, true, true);
            List<ShareTerm> current = [.. _state.Ledger.Current];
            if (_stoppedAt is null && NobodyIsLeft(now, current))
                return true;
            var answered = current.TrueForAll(t => t.IsLost ? now >= LoadEnd || !_canGoOn : t.IsComplete);
            if (!answered)
                return now > LoadEnd + (_stoppedAt is null ? _answers : TimeSpan.Zero) + _offers.Lease + EndPatience;
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
}
