using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// One event loop on one thread: starts what is due, moves bytes where sockets are ready, closes seconds.
/// </summary>
/// <remarks>
/// <code>
/// schedule -> LaneStarts -> IterationFlow -> Traffic -> sockets
///                               ^               |
///                               +--- Ended -----+          every count -> LaneBook -> closed seconds
/// </code>
/// </remarks>
internal sealed class Lane : IDisposable
{
    /// <summary>What a stop leaves to answers that are under way.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1);

    // Enough to keep the cost of a turn small beside its work, few enough that sockets are read while a backlog is being sent.
    private const int StartsPerTurn = 64;

    // A stop is noticed within this, and a resolved name within the other.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ResolvingWait = TimeSpan.FromMilliseconds(1);

    private readonly LaneBook _book;
    private readonly LaneStarts _starts;
    private readonly DueStarts _due;
    private readonly Traffic _traffic;
    private readonly IterationFlow _flow;
    private readonly RunClock _clock;
    private TimeSpan _busySince;
    private TimeSpan _waited;
    private bool _stopping;

    /// <summary>Prepares a lane; it sends nothing before <see cref="Run"/>. A replay's lane has a feed.</summary>
    public Lane(EngineJob job, IReadOnlyList<Origin> origins, LaneShare share, ISecondSink sink, RunClock clock, IReplayFeed? feed = null)
    {
        var plan = job.Workload.Plan;
        _clock = clock;
        _book = new LaneBook(share.Lane, plan.Requests.Count, sink, job.Share.FirstSecond);
        _traffic = new Traffic(origins, plan, job.Redirects, share.Connections, job.Locals, job.Lease, _book, clock, job.Quiet);
        _starts = feed is null
            ? LaneStarts.Create(job.Workload, job.Share, ScriptTable.Of(job, origins), share.Lane, share.Lanes)
            : new ReplayStarts(feed, job.Workload, ScriptTable.OfEndpoints(job, origins), new(job.Share, share.Lane, share.Lanes, job.RunId), _book, _traffic, clock);
        _due = new DueStarts(_starts, job);
        var thinkTimes = new RandomStream(job.Share.NameOf($"think {plan.Seed}"), share.Lane);
        _flow = new IterationFlow(_traffic, _starts, _book, clock, job.UsedUp, thinkTimes, new RandomStream(job.Share.NameOf(job.RunId), share.Lane));
    }

    /// <summary>How far it has made its part; once it has run.</summary>
    public LoadEnding Ending => _due.Ending;

    /// <summary>Runs to the end of the schedule and of the last iteration, or until stopped.</summary>
    public void Run(CancellationToken stop)
    {
        _busySince = _clock.Now;
        while (!IsOver(_clock.Now))
            Turn(stop);
        var now = _clock.Now;
        CloseSeconds(now);
        GiveUpUnsent();
        // What has had its time until here has timed out, though the lane comes too late to see it in its turn.
        _traffic.Expire(now);
        _traffic.Abort();
        _flow.Continue();
        _book.CloseLast(TakeBusy(_clock.Now));
    }

    /// <inheritdoc/>
    public void Dispose() => _traffic.Dispose();

    private bool IsOver(TimeSpan now) =>
        now >= _due.Deadline || (_starts.IsExhausted(now) && _flow.Active == 0 && (_stopping || (now >= _due.LoadEnd && now < _book.SecondEnd)));

    private void Turn(CancellationToken stop)
    {
        var now = _clock.Now;
        _due.Follow(now);
        if (!_stopping && _due.HasLostLease(now))
            StopWithLease(now);
        CloseSeconds(now);
        if (!_stopping && stop.IsCancellationRequested)
            BeginStop(now);
        StartDue(now);
        _flow.Wake(now);
        _traffic.GoOn();
        _traffic.Expire(now);
        Settle();

        var before = _clock.Now;
        var timeout = TimeToWait(before);
        var count = _traffic.Wait(timeout);
        // A mere look at what is ready is work, however long the machine takes over it: a loop that never rests is full.
        if (timeout > TimeSpan.Zero)
            _waited += _clock.Now - before;
        for (var i = 0; i < count; i++)
        {
            _traffic.Handle(i);
            Settle();
        }
    }

    // What has ended makes the next steps due, and its connection free for those that wait.
    private void Settle()
    {
        _flow.Continue();
        if (_traffic.HasWaiting)
            _traffic.ServeWaiting(_clock.Now);
    }

    private void StartDue(TimeSpan now)
    {
        _starts.Advance(now);
        for (var i = 0; i < StartsPerTurn && _starts.NextDue <= now; i++)
        {
            var start = _starts.Take();
            if (_due.IsTooLate(start, now))
                _flow.Drop(start);
            else
                _flow.Start(start);
        }

        _due.Settle(now);
    }

    private void BeginStop(TimeSpan now)
    {
        _stopping = true;
        _due.Stop(now, StopGrace, start => _flow.Drop(start));
        GiveUpUnsent();
    }

    // The process may have been frozen for long: up to the lease's end each second is told what it was meant to be, and nothing after.
    private void StopWithLease(TimeSpan now)
    {
        _stopping = true;
        CloseSeconds(_due.LeaseEnd);
        _due.StopWithLease(now, StopGrace, start => _flow.Drop(start));
        GiveUpUnsent();
    }

    private void GiveUpUnsent()
    {
        _traffic.GiveUpUnsent();
        _flow.Stop();
    }

    private void CloseSeconds(TimeSpan now)
    {
        if (now < _book.SecondEnd)
            return;
        // A turn may have lasted for seconds: each of them was as busy.
        var busy = TakeBusy(now);
        while (now >= _book.SecondEnd)
        {
            _starts.CountAskedBefore(_book.SecondEnd, _book);
            _book.CloseSecond(_traffic.Open, _traffic.InFlight, busy);
        }
    }

    private double TakeBusy(TimeSpan now)
    {
        var passed = now - _busySince;
        var busy = passed > TimeSpan.Zero ? Math.Clamp(1 - _waited / passed, 0, 1) : 0;
        (_busySince, _waited) = (now, TimeSpan.Zero);
        return busy;
    }

    private TimeSpan TimeToWait(TimeSpan now)
    {
        if (_traffic.HasWork)
            return TimeSpan.Zero;
        var until = Earlier(_starts.NextLook, Earlier(_flow.NextWake, _traffic.NextDeadline));
        until = Earlier(until, Earlier(_book.SecondEnd, _due.Deadline));
        until = Earlier(until, now + (_traffic.IsResolving ? ResolvingWait : LongestWait));
        return until > now ? until - now : TimeSpan.Zero;
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

/// <summary>What a lane takes of a run: its number of how many, and how many connections it may open.</summary>
internal readonly record struct LaneShare(int Lane, int Lanes, int Connections);
