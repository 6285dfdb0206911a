using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// The lane for what the event loop does not speak: HTTP/2 and 3, proxies, WebSockets and raw TCP (and https without OpenSSL). One thread
/// keeps the schedule, SocketsHttpHandler and sockets send from the thread pool. Same accounts as <see cref="Lane"/>, with two approximations: a request counts as sent when it is handed to the handler
/// (its service time includes a new connection), and bytes are counted as HTTP/1.1 without TLS would have them.
/// </summary>
internal sealed class HandlerLane : IDisposable
{
    // A server allows about this many streams on an HTTP/2 connection.
    private const int StreamsPerConnection = 100;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);
    // What is cancelled ends at once; but a thousand connections on a busy machine take their turns.
    private static readonly TimeSpan AbortGrace = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Epoll _sleep = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly LaneBook _book;
    private readonly LaneStarts _starts;
    private readonly DueStarts _due;
    private readonly HandlerTraffic _traffic;
    private readonly HandlerIterations _iterations;
    private readonly RunClock _clock;
    private TimeSpan _busySince;
    private TimeSpan _waited;
    private int _open;

    /// <summary>Prepares the lane; it sends nothing before <see cref="Run"/>.</summary>
    public HandlerLane(EngineJob job, LaneShare share, ISecondSink sink, RunClock clock)
    {
        var plan = job.Workload.Plan;
        _clock = clock;
        _book = new LaneBook(share.Lane, plan.Requests.Count, sink, job.Share.FirstSecond);
        _starts = LaneStarts.Create(job.Workload, job.Share, ScriptTable.Of(job, Origin.Of(plan)), share.Lane, share.Lanes);
        _due = new DueStarts(_starts, job);
        var options = plan.Http with { MaxConnections = share.Connections };
        var slots = share.Connections * (long)(plan.Http.Version.Major >= 2 ? StreamsPerConnection : 1);
        var book = new GuardedBook(_gate, _book);
        _traffic = new HandlerTraffic(job, () => HandlerFactory.Create(options, job.Locals, CountOpen), (int)Math.Min(slots, int.MaxValue), CountOpen, book, clock, _stopping.Token, _abort.Token);
        _iterations = new HandlerIterations(_traffic, book, _starts, clock, new RandomStream(job.Share.NameOf($"think {plan.Seed}"), share.Lane), _stopping.Token);
    }

    /// <summary>How far it has made its part; once it has run.</summary>
    public LoadEnding Ending => _due.Ending;

    /// <summary>Runs to the end of the schedule and of the last iteration, or until stopped.</summary>
    public void Run(CancellationToken stop)
    {
        _busySince = _clock.Now;
        while (!IsOver())
            Turn(stop);
        _stopping.Cancel();
        _abort.Cancel();
        for (var since = _clock.Now; _iterations.Active > 0; _sleep.Wait(TimeSpan.FromMilliseconds(1)))
        {
            if (_clock.Now - since > AbortGrace)
                throw new InvalidOperationException($"{_iterations.Active} requests did not end when they were cancelled");
        }

        lock (_gate)
        {
            CloseSeconds(_clock.Now);
            _book.CloseLast(TakeBusy(_clock.Now));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _traffic.Dispose();
        _stopping.Dispose();
        _abort.Dispose();
        _sleep.Dispose();
    }

    private bool IsOver()
    {
        var now = _clock.Now;
        var settled = _stopping.IsCancellationRequested || (now >= _due.LoadEnd && now < _book.SecondEnd);
        return now >= _due.Deadline || (settled && Exhausted(now) && _iterations.Active == 0);
    }

    private void Turn(CancellationToken stop)
    {
        if (_iterations.Failure is { } failure)
            throw new InvalidOperationException(failure.Message, failure);
        var now = _clock.Now;
        lock (_gate)
        {
            _due.Follow(now);
            if (!_stopping.IsCancellationRequested && _due.HasLostLease(now))
                StopWithLease(now);
            CloseSeconds(now);
            if (!_stopping.IsCancellationRequested && stop.IsCancellationRequested)
                BeginStop(now);
        }

        StartDue(now);
        var before = _clock.Now;
        var until = Earlier(Earlier(NextDue(), _book.SecondEnd), Earlier(_due.Deadline, before + LongestWait));
        // At the end, the last answers are looked for more often.
        if (Exhausted(before))
            until = Earlier(until, before + TimeSpan.FromMilliseconds(5));
        _sleep.Wait(until > before ? until - before : TimeSpan.Zero);
        _waited += _clock.Now - before;
    }

    private void StartDue(TimeSpan now)
    {
        while (NextDue() <= now)
        {
            var start = Take();
            if (_due.IsTooLate(start, now))
                _iterations.Drop(start);
            else
                _iterations.Start(start);
        }

        lock (_gate)
            _due.Settle(now);
    }

    // Users choose their next scenario, and wait for their next turn, on the thread pool.
    private TimeSpan NextDue()
    {
        lock (_gate)
            return _starts.NextDue;
    }

    // Counted here, on the lane's own thread: the pool might come to it only in the next second.
    private Start Take()
    {
        lock (_gate)
        {
            var start = _starts.Take();
            if (!start.IsOwed || start.AlreadyAsked || start.Script.First is not { } first)
                return start;
            _book.Asked(first);
            return start with { AlreadyAsked = true };
        }
    }

    private bool Exhausted(TimeSpan now)
    {
        lock (_gate)
            return _starts.IsExhausted(now);
    }

    private void BeginStop(TimeSpan now)
    {
        _due.Stop(now, Lane.StopGrace, _iterations.Drop);
        _stopping.Cancel();
    }

    private void StopWithLease(TimeSpan now)
    {
        CloseSeconds(_due.LeaseEnd);
        _due.StopWithLease(now, Lane.StopGrace, _iterations.Drop);
        _stopping.Cancel();
    }

    private void CloseSeconds(TimeSpan now)
    {
        if (now < _book.SecondEnd)
            return;
        var busy = TakeBusy(now);
        while (now >= _book.SecondEnd)
        {
            _starts.CountAskedBefore(_book.SecondEnd, _book);
            _book.CloseSecond(_open, _traffic.InFlight, busy);
        }
    }

    private double TakeBusy(TimeSpan now)
    {
        var passed = now - _busySince;
        var busy = passed > TimeSpan.Zero ? Math.Clamp(1 - _waited / passed, 0, 1) : 0;
        (_busySince, _waited) = (now, TimeSpan.Zero);
        return busy;
    }

    private void CountOpen(int change) => Interlocked.Add(ref _open, change);

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
