using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// All connections of a lane, the requests on them and those that wait for one. Takes requests, gives iterations back in
/// <see cref="Ended"/>; never calls back, so that no chain of failures can nest.
/// </summary>
/// <remarks>
/// A request whose kept connection turns out to be closed before anything was heard is sent once more on a fresh one if it is
/// idempotent, as browsers and HTTP libraries do (RFC 9112, 9.3.1): the peer's idle limit has struck, nothing failed. It counts as
/// one request sent; its times run from the first attempt.
/// </remarks>
internal sealed class Traffic : IDisposable
{
    private readonly Epoll _epoll = new();
    private readonly Connector _connector;
    private readonly Exchange _exchange;
    private readonly OriginPools _pools;
    private readonly RedirectGuard _redirects;
    private readonly ConnectionPlaces _places;
    private readonly TimedLine _inFlight;
    private readonly LinkedQueue<Connection> _connecting = new();
    private readonly LinkedQueue<Connection> _unread = new();
    private readonly HttpOptions _options;
    private readonly int _mostServed;
    private readonly WaitingRequests _waiting;
    private readonly LaneBook _book;
    private readonly RequestEnds _ends;
    private readonly RawTurns _raw;
    private readonly RunClock _clock;

    /// <summary>No connections yet; so long a silence ends an answer over raw TCP.</summary>
    public Traffic(IReadOnlyList<Origin> origins, LoadPlan plan, RedirectGuard redirects, int maxConnections, LocalEndpoints locals, LoadLease lease, LaneBook book, RunClock clock, TimeSpan? quiet = null)
    {
        (_options, _redirects, _book, _clock) = (plan.Http, redirects, book, clock);
        _mostServed = _options.KeepAlive ? _options.KeepAliveRequests : 1;
        _pools = new OriginPools(origins, plan);
        _places = new ConnectionPlaces(_pools, plan.Http, maxConnections);
        _waiting = new WaitingRequests(_pools);
        _connector = new Connector(_epoll, _pools, locals, clock);
        _ends = new RequestEnds(book, clock);
        _raw = new RawTurns(book, clock) { Quiet = quiet ?? RawTurns.UsualQuiet };
        _exchange = new Exchange(book, _raw, lease, clock);
        _inFlight = new(plan.Timeouts);
    }

    /// <summary>Iterations whose request is over, or was given up.</summary>
    public LinkedQueue<Iteration> Ended => _ends.Ended;

    /// <summary>Requests that have a connection.</summary>
    public int InFlight => _inFlight.Count;

    /// <summary>Connections open or being opened.</summary>
    public int Open => _places.Open;

    /// <summary>Whether there is something to do that no event will announce.</summary>
    public bool HasWork => _unread.Count > 0 || Ended.Count > 0;

    /// <summary>Whether a request waits for a connection.</summary>
    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>Whether a request waits for its target's name.</summary>
    public bool IsResolving => _places.Resolving > 0;

    /// <summary>The next moment at which something times out.</summary>
    public TimeSpan NextDeadline
    {
        get
        {
            var next = _inFlight.NextDeadline;
            if (_connecting.First is { } connecting && connecting.OpenedAt + _options.ConnectTimeout < next)
                next = connecting.OpenedAt + _options.ConnectTimeout;
            if (_waiting.NextDeadline is var waiting && waiting < next)
                next = waiting;
            return _raw.NextQuiet is var quiet && quiet < next ? quiet : next;
        }
    }

    /// <summary>Sends the iteration's request, or lets it wait for a connection; whether there was one.</summary>
    public bool Dispatch(Iteration iteration, TimeSpan now)
    {
        iteration.DispatchedAt = now;
        iteration.Phases.Begin(now);
        var pool = _pools[iteration.Request.Origin];
        // A client that has a connection takes no place from those that wait.
        if ((pool.Waiting.Count == 0 || iteration.Client is { Connection: not null }) && TryServe(pool, iteration, now))
            return true;
        if (!_waiting.TryAdd(pool, iteration))
            _ends.GiveUp(iteration);
        return false;
    }

    /// <summary>Waits for sockets, at most for <paramref name="timeout"/>; how many are ready.</summary>
    public int Wait(TimeSpan timeout) => _epoll.Wait(timeout);

    /// <summary>Handles a ready socket.</summary>
    public void Handle(int index)
    {
        var (ready, tag) = _epoll[index];
        if (_places.Find(tag) is not { } connection)
            return;
        if (connection.Phase == ConnectionPhase.Connecting && (ready & (Readiness.Writable | Readiness.Ended)) != 0)
        {
            HandleConnect(connection, _connector.Complete(connection, out var error), error);
            ready &= ~Readiness.Writable;
        }
        else if (connection.Phase == ConnectionPhase.Securing)
        {
            HandleConnect(connection, _connector.Secure(connection, out var error), error);
        }

        // The place may have been given up by now, or begun on another address.
        if (connection.Tag != tag)
            return;
        if (connection.Phase == ConnectionPhase.Busy)
            HandleExchange(connection, _exchange.Continue(connection, ready, out var error), error);
        else if (connection.Phase == ConnectionPhase.Idle && (ready & (Readiness.Readable | Readiness.Ended)) != 0
            && ((ready & Readiness.Ended) != 0 || !_exchange.IsQuiet(connection)))
            _places.Close(connection);
    }

    /// <summary>Reads on where the last turn left bytes, and connects where a name has been resolved.</summary>
    public void GoOn()
    {
        for (var count = _unread.Count; count > 0 && _unread.Dequeue() is { } connection; count--)
            HandleExchange(connection, _exchange.Read(connection, out var error), error);
        if (!IsResolving)
            return;
        for (var connection = _connecting.First; connection is not null;)
        {
            var next = connection.Next;
            if (connection is { Phase: ConnectionPhase.Resolving, Pool.IsResolving: false })
            {
                _places.CountResolving(-1);
                HandleConnect(connection, _connector.Begin(connection, out var error), error);
            }

            connection = next;
        }
    }

    /// <summary>Gives connections to requests that wait for one.</summary>
    public void ServeWaiting(TimeSpan now)
    {
        for (var served = true; HasWaiting && served;)
        {
            served = false;
            var turn = _waiting.NextTurn();
            for (var i = 0; i < _pools.Count; i++)
            {
                var pool = _pools[(turn + i) % _pools.Count];
                if (pool.Waiting.First is not { } waiting || !TryServe(pool, waiting, now))
                    continue;
                _waiting.CountOut();
                served = true;
            }
        }
    }

    /// <summary>Ends what has exceeded its time.</summary>
    public void Expire(TimeSpan now)
    {
        while (_connecting.First is { } connecting && connecting.OpenedAt + _options.ConnectTimeout <= now)
            Fail(connecting, TimeoutOf(connecting));
        while (_inFlight.FirstLate(now) is { } late)
            Fail(late.Connection!, TimeoutOf(late.Connection!));
        while (_waiting.FirstLate(now) is { } waiting)
            GiveUpWaiting(waiting);
        while (_raw.FirstQuiet(now) is { } quiet)
            EndTurn(quiet, keep: true, RequestError.ShortAnswer, quiet.HeardAt);
        _places.Expire(now);
    }

    /// <summary>The iteration is over: connections that were its own are closed.</summary>
    public void Leave(Iteration iteration)
    {
        while (iteration.Kept.First is { } kept)
            _places.Close(kept);
    }

    /// <summary>The client of a replay has no more requests: its connection, if it has one without a request, is closed.</summary>
    public void Leave(ReplayClient client)
    {
        if (client.Connection is { Phase: ConnectionPhase.Idle } own)
            _places.Close(own);
    }

    /// <summary>Gives up all requests of which no byte has gone out.</summary>
    public void GiveUpUnsent()
    {
        while (_waiting.First() is { } waiting)
            GiveUpWaiting(waiting);

        foreach (var iteration in _inFlight.All().Where(i => !i.IsSent))
            GiveUp(iteration.Connection!);
    }

    /// <summary>Ends all requests under way as <see cref="RequestError.Stopped"/>.</summary>
    public void Abort()
    {
        while (_inFlight.First is { } iteration)
            Fail(iteration.Connection!, RequestError.Stopped);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _places.Dispose();
        _pools.Dispose();
        _epoll.Dispose();
    }

    private static RequestError TimeoutOf(Connection connection) => connection.Phase switch
    {
        ConnectionPhase.Resolving => RequestError.DnsFailed,
        ConnectionPhase.Connecting or ConnectionPhase.Securing => RequestError.ConnectTimeout,
        _ => RequestError.ResponseTimeout,
    };

    private bool TryServe(OriginPool pool, Iteration iteration, TimeSpan now)
    {
        if (_places.IdleFor(iteration, pool) is { } idle)
        {
            idle.Unlink();
            Assign(idle, iteration, now);
            HandleExchange(idle, _exchange.Begin(idle, now, out var error), error);
            return true;
        }

        if (!_places.HasRoom && !_places.MakeRoom(pool, iteration))
            return false;
        var connection = _places.Take(pool, iteration, now);
        Assign(connection, iteration, now);
        Connect(connection);
        return true;
    }

    private void Assign(Connection connection, Iteration iteration, TimeSpan now)
    {
        connection.Take(iteration);
        if (iteration.Hops > 0)
            return;
        iteration.DispatchedAt = now;
        iteration.Phases.Leave(now);
        _inFlight.Enqueue(iteration);
        if (iteration.Begun)
            return;
        iteration.Begun = true;
        _book.IterationStarted();
    }

    private void Connect(Connection connection)
    {
        _connecting.Enqueue(connection);
        var result = _connector.Begin(connection, out var error);
        if (connection.Phase == ConnectionPhase.Resolving)
            _places.CountResolving(1);
        HandleConnect(connection, result, error);
    }

    private void HandleConnect(Connection connection, ConnectResult result, RequestError error)
    {
        if (result == ConnectResult.Pending)
            return;
        connection.Unlink();
        if (result == ConnectResult.Failed)
            Fail(connection, error);
        else
            HandleExchange(connection, _exchange.Begin(connection, _clock.Now, out error), error);
    }

    private void GiveUp(Connection connection)
    {
        var iteration = connection.Iteration!;
        _places.Close(connection);
        // One that is sent again, or has been redirected, was sent before.
        if (iteration.IsSent)
            _ends.Fail(iteration, RequestError.Stopped);
        else
            _ends.GiveUp(iteration);
    }

    private void HandleExchange(Connection connection, ExchangeResult result, RequestError error)
    {
        switch (result)
        {
            case ExchangeResult.Pending:
                break;
            case ExchangeResult.Unread:
                _unread.Enqueue(connection);
                break;
            case ExchangeResult.Refused:
                GiveUp(connection);
                break;
            case ExchangeResult.Failed when IsStale(connection):
                connection.Iteration!.Retried = true;
                connection.Iteration.Phases.TurnInto(RequestPhase.Blocked);
                connection.CloseSocket();
                connection.Open(connection.Pool, _clock.Now);
                Connect(connection);
                break;
            case ExchangeResult.Failed:
                Fail(connection, error);
                break;
            default:
                if (connection.IsRaw)
                    EndTurn(connection, keep: result == ExchangeResult.Reusable, RequestError.None, _clock.Now);
                else
                    Answer(connection, keep: result == ExchangeResult.Reusable && connection.Served + 1 < _mostServed);
                break;
        }
    }

    private static bool IsStale(Connection connection) =>
        connection is { Served: > 0, Heard: false, Iteration: { Retried: false, IsIdempotent: true } };

    private void EndTurn(Connection connection, bool keep, RequestError error, TimeSpan at)
    {
        var iteration = connection.Iteration!;
        Release(connection, keep);
        _ends.End(iteration, error, status: 0, at);
    }

    private void Answer(Connection connection, bool keep)
    {
        var iteration = connection.Iteration!;
        var status = connection.Parser.Status;
        if (status is >= 300 and < 400 && TryRedirect(connection, keep))
            return;
        var error = connection.Body.End();
        var checks = iteration.Request.Checks.Evaluate(status, connection.Body);
        _book.Answered(iteration.Request, status, checks);
        if (error == RequestError.None && !checks.Holds && !IsAsCaptured(iteration, status, checks))
            error = RequestError.CheckFailed;
        if (!iteration.TakeValues(connection.Body) && error == RequestError.None)
            error = RequestError.ExtractionFailed;
        Release(connection, keep);
        _ends.End(iteration, error, status);
    }

    // Nothing failed but the status, and that is the one that was captured.
    private static bool IsAsCaptured(Iteration iteration, int status, CheckResult checks) => checks.Failed == 0 && iteration.Client?.Current!.ExpectedStatus == status;

    // A hop belongs to the request: it stays in flight, under the same time limit. It never waits for a connection, for its own is free now.
    private bool TryRedirect(Connection connection, bool keep)
    {
        var iteration = connection.Iteration!;
        if (iteration.Request.Redirects == 0)
            return false;
        var sent = iteration.Encode();
        var status = connection.Parser.Status;
        var from = RedirectedRequest.UrlOf(sent, connection.Pool.Origin);
        var left = iteration.Request.Redirects - iteration.Hops;
        if (_redirects.Judge(status, RedirectedRequest.MethodOf(sent), from, connection.Parser.Location, left, out var redirect, out var error) == RedirectKind.None)
            return false;
        _book.Answered(iteration.Request, status, default);
        iteration.TakeCookies(connection.Body);
        var pool = error == RequestError.None ? _pools.Open(redirect.Url, out error) : null;
        Release(connection, keep && (pool is null || pool == connection.Pool || pool.Idle.Count > 0 || _places.HasRoom));
        if (pool is null)
        {
            _ends.End(iteration, error, status);
            return true;
        }

        iteration.Follow(from, redirect);
        var now = _clock.Now;
        iteration.Phases.Leave(now);
        TryServe(pool, iteration, now);
        return true;
    }

    private void Release(Connection connection, bool keep)
    {
        connection.Body.Release();
        if (connection is { Served: 0, Tls: { } tls })
            connection.Pool.Ticket.Renew(tls);
        var iteration = connection.Iteration!;
        connection.Iteration = null;
        connection.Served++;
        if (keep)
            _places.Keep(connection, iteration, _clock);
        else
            _places.Close(connection);
    }

    private void Fail(Connection connection, RequestError error)
    {
        var iteration = connection.Iteration!;
        _places.Close(connection);
        _ends.Fail(iteration, error);
    }

    private void GiveUpWaiting(Iteration iteration)
    {
        _waiting.CountOut();
        _ends.GiveUp(iteration);
    }
}
