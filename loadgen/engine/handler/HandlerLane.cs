using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// The lane for what the event loop does not speak, HTTP/2 (and https without OpenSSL): one thread keeps the schedule, SocketsHttpHandler sends from the
/// thread pool. Same accounts as <see cref="Lane"/>, with two approximations: a request counts as sent when it is handed to the handler
/// (its service time includes a new connection), and bytes are counted as HTTP/1.1 without TLS would have them.
/// </summary>
internal sealed class HandlerLane : IDisposable
{
    // A server allows about this many streams on an HTTP/2 connection.
    private const int StreamsPerConnection = 100;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AbortGrace = TimeSpan.FromSeconds(0.5);

    private readonly Lock _gate = new();
    private readonly Epoll _sleep = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly LaneBook _book;
    private readonly LaneStarts _starts;
    private readonly HandlerIterations _iterations;
    private readonly HttpOptions _options;
    private readonly TimeSpan _longestTimeout;
    private readonly RunClock _clock;
    private readonly Steering? _steering;
    private SteeredWorkload? _steered;
    private TimeSpan _loadEnd;
    private TimeSpan _deadline = TimeSpan.MaxValue;
    private TimeSpan _busySince;
    private TimeSpan _waited;
    private int _open;

    /// <summary>Prepares the lane; it sends nothing before <see cref="Run"/>.</summary>
    public HandlerLane(EngineJob job, LaneShare share, ISecondSink sink, RunClock clock)
    {
        var plan = job.Workload.Plan;
        (_options, _clock, _loadEnd, _steering) = (plan.Http, clock, job.Workload.Duration, job.Steering);
        _longestTimeout = plan.Timeouts[^1];
        _book = new LaneBook(share.Lane, plan.Requests.Count, sink);
        _starts = LaneStarts.Create(job.Workload, ScriptTable.Of(job, Origin.Of(plan)), share.Lane, share.Lanes);
        var options = plan.Http with { MaxConnections = share.Connections };
        var slots = share.Connections * (long)(plan.Http.Version.Major >= 2 ? StreamsPerConnection : 1);
        _iterations = new HandlerIterations(job, () => HandlerFactory.Create(options, job.Locals, change => Interlocked.Add(ref _open, change)), (int)Math.Min(slots, int.MaxValue), new(_gate, _book), _starts, clock, _stopping.Token, _abort.Token);
    }

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
        _iterations.Dispose();
        _stopping.Dispose();
        _abort.Dispose();
        _sleep.Dispose();
    }

    private bool IsOver()
    {
        var now = _clock.Now;
        var settled = _stopping.IsCancellationRequested || (now >= _loadEnd && now < _book.SecondEnd);
        return now >= _deadline || (settled && Exhausted(now) && _iterations.Active == 0);
    }

    private void Turn(CancellationToken stop)
    {
        if (_iterations.Failure is { } failure)
            throw new InvalidOperationException(failure.Message, failure);
        var now = _clock.Now;
        lock (_gate)
        {
            if (_steering?.Current is { } steered && !ReferenceEquals(steered, _steered))
                Follow(steered, now);
            CloseSeconds(now);
            if (!_stopping.IsCancellationRequested && stop.IsCancellationRequested)
                BeginStop(now);
        }

        StartDue(now);
        var before = _clock.Now;
        var until = Earlier(Earlier(NextDue(), _book.SecondEnd), Earlier(_deadline, before + LongestWait));
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
            if (start.IsOwed && now - start.Due > _options.Timeout)
                _iterations.Drop(start);
            else
                _iterations.Start(start);
        }

        if (Exhausted(now) && _deadline == TimeSpan.MaxValue)
            _deadline = (now > _loadEnd ? now : _loadEnd) + _longestTimeout;
    }

    // Users choose their next scenario, and wait for their next turn, on the thread pool.
    private TimeSpan NextDue()
    {
        lock (_gate)
            return _starts.NextDue;
    }

    private Start Take()
    {
        lock (_gate)
            return _starts.Take();
    }

    private bool Exhausted(TimeSpan now)
    {
        lock (_gate)
            return _starts.IsExhausted(now);
    }

    private void Follow(SteeredWorkload steered, TimeSpan now)
    {
        _steered = steered;
        if (_stopping.IsCancellationRequested)
            return;
        _loadEnd = steered.End;
        _starts.Follow(steered, now);
    }

    private void BeginStop(TimeSpan now)
    {
        _deadline = now + Lane.StopGrace;
        while (_starts.NextDue <= now)
            _iterations.Drop(_starts.Take());

        _starts.End();
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
            _book.CloseSecond(_open, _iterations.InFlight, busy);
        }
    }

    private double TakeBusy(TimeSpan now)
    {
        var passed = now - _busySince;
        var busy = passed > TimeSpan.Zero ? Math.Clamp(1 - _waited / passed, 0, 1) : 0;
        (_busySince, _waited) = (now, TimeSpan.Zero);
        return busy;
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
