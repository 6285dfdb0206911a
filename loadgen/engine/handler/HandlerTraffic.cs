using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>What one iteration carries from request to request.</summary>
/// <param name="Scope">What templates are filled from; null if the scenario has none.</param>
/// <param name="Socket">Its connection, where steps have one open.</param>
/// <param name="Own">Sends over connections of the iteration's own; null when it shares them with all.</param>
internal sealed record HandlerVisit(IterationScope? Scope, SocketVisit Socket, HttpMessageInvoker? Own) : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Socket.CloseAsync();
        Own?.Dispose();
    }
}

/// <summary>Sends requests over SocketsHttpHandler and sockets, and keeps their accounts.</summary>
internal sealed class HandlerTraffic : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly SemaphoreSlim _slots;
    private readonly GuardedBook _book;
    private readonly LoadLease _lease;
    private readonly RunClock _clock;
    private readonly RedirectGuard _redirects;
    private readonly UsedUpData _usedUp;
    private readonly Func<HttpMessageHandler> _handlers;
    private readonly HttpOptions _options;
    private readonly LocalEndpoints _locals;
    private readonly Action<int> _onOpenClose;
    private readonly CancellationToken _stopping;
    private readonly CancellationToken _abort;
    private readonly HandlerRequest?[] _requests;
    private readonly SocketRequest?[] _sockets;
    private readonly RandomStream _random;
    private readonly Lock _randomGate = new();
    private int _inFlight;

    /// <summary>Over a handler of <paramref name="handlers"/>, or one for each iteration. At most <paramref name="slots"/> requests are in flight or connections of iterations open; others wait as long as the timeout.</summary>
    public HandlerTraffic(EngineJob job, Func<HttpMessageHandler> handlers, int slots, Action<int> onOpenClose, GuardedBook book, RunClock clock, CancellationToken stopping, CancellationToken abort)
    {
        var plan = job.Workload.Plan;
        (_book, _clock, _locals, _onOpenClose, _stopping, _abort) = (book, clock, job.Locals, onOpenClose, stopping, abort);
        (_redirects, _usedUp, _handlers, _options, _lease) = (job.Redirects, job.UsedUp, handlers, plan.Http, job.Lease);
        _invoker = new HttpMessageInvoker(handlers(), disposeHandler: true);
        _slots = new SemaphoreSlim(slots);
        _requests = [.. plan.Requests.Select(r => r.Socket is null ? new HandlerRequest(r, plan.Http, job.RunId) : null)];
        _sockets = [.. plan.Requests.Select(r => r.Socket is null ? null : new SocketRequest(r, plan.Http, job.RunId))];
        _random = new RandomStream(job.Share.NameOf(job.RunId), 0);
    }

    /// <summary>Requests under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Begins an iteration's visit.</summary>
    public HandlerVisit Begin(in Start start)
    {
        IterationScope? scope = null;
        if (start.Script.IsScoped)
        {
            scope = new IterationScope(() => _clock.WallTimeAt(_clock.Now));
            scope.Begin(start.Number, start.User);
        }

        var own = OwnIf(_options.KeepAliveInIteration);
        return new(scope, new SocketVisit(own ?? _invoker, _locals, _onOpenClose, () => _slots.Release(), _abort), own);
    }

    /// <summary>Whether the iteration has all that the request needs: its values, and a connection for a message.</summary>
    public bool CanSend(PreparedRequest request, HandlerVisit visit) =>
        request.Template?.CanRender(visit.Scope!) != false && visit.Socket.CanRun(_sockets[request.Index]?.Action);

    /// <summary>Whether the iteration lacks a row of data for the request; it is told.</summary>
    public bool LacksRow(PreparedRequest request, HandlerVisit visit) => request.Template is { } template && _usedUp.Note(template, visit.Scope!);

    /// <summary>Sends a request; null when it was not sent, since no slot came free in time or the lease has run out.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="visit">Whose it is.</param>
    /// <param name="due">When it was due.</param>
    /// <param name="timed">Whether its lateness is the generator's own.</param>
    /// <param name="onSlot">Told when nothing keeps it from being sent any more.</param>
    public async Task<RequestError?> SendAsync(PreparedRequest request, HandlerVisit visit, TimeSpan due, bool timed, Action onSlot)
    {
        // A message goes over the connection that its iteration holds a slot for.
        var phases = new HandlerPhases(_clock);
        var ownsSlot = _sockets[request.Index]?.Action is not SocketAction.Message;
        var atOnce = !ownsSlot || _slots.Wait(0, CancellationToken.None);
        if (!atOnce && !await WaitForSlotAsync(_requests[request.Index]?.Timeout ?? _sockets[request.Index]!.Limit))
        {
            _book.Enter(b => b.NotSent(request));
            return null;
        }

        var sentAt = phases.Sent();
        if (_lease.IsOver(sentAt))
        {
            if (ownsSlot)
                _slots.Release();
            _book.Enter(b => b.NotSent(request));
            return null;
        }

        onSlot();
        Interlocked.Increment(ref _inFlight);
        _book.Enter(b =>
        {
            b.Sent(request, sentAt - due);
            if (atOnce && timed)
                b.Late(sentAt - due);
        });
        var error = _sockets[request.Index] is { } socket ? await RunAsync(socket, request, visit, due, sentAt, phases) : await RunAsync(_requests[request.Index]!, request, visit, due, sentAt, phases);
        Interlocked.Decrement(ref _inFlight);
        if (ownsSlot && !(visit.Socket.IsOpen && _sockets[request.Index] is not null))
            _slots.Release();
        return error;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _invoker.Dispose();
        _slots.Dispose();
    }

    private async Task<RequestError> RunAsync(HandlerRequest prepared, PreparedRequest request, HandlerVisit visit, TimeSpan due, TimeSpan sentAt, HandlerPhases phases)
    {
        _book.Enter(b => b.Wrote(request, prepared.Length));
        // HTTP/2 has no word for a connection that is to be used once, and its handler no limit so short.
        using var once = OwnIf(!_options.KeepAlive && _options.Version.Major >= 2);
        var exchange = new HandlerExchange(once ?? visit.Own ?? _invoker, prepared, _redirects, phases: phases);
        var outcome = await exchange.RunAsync(visit.Scope, NextTrace(), prepared.Timeout, _abort);
        var now = _clock.Now;
        _book.Enter(b =>
        {
            b.Read(request, outcome.BytesReceived);
            foreach (var status in outcome.Redirects)
            {
                b.Answered(request, status, default);
                b.Wrote(request, prepared.Length);
            }

            if (outcome.Status > 0)
                b.Answered(request, outcome.Status, outcome.Checks);
            b.Ended(request, outcome.Error, now - due, now - sentAt, phases.End(now));
        });
        return outcome.Error;
    }

    private async Task<RequestError> RunAsync(SocketRequest prepared, PreparedRequest request, HandlerVisit visit, TimeSpan due, TimeSpan sentAt, HandlerPhases phases)
    {
        var outcome = await visit.Socket.RunAsync(prepared, visit.Scope, NextTrace(), phases: phases);
        var now = _clock.Now;
        _book.Enter(b =>
        {
            b.Wrote(request, (int)outcome.BytesSent);
            b.Read(request, outcome.BytesReceived);
            if (outcome.Status > 0)
                b.Answered(request, outcome.Status, default);
            b.Ended(request, outcome.Error, now - due, now - sentAt, phases.End(now));
        });
        return outcome.Error;
    }

    private HttpMessageInvoker? OwnIf(bool alone) => alone ? new HttpMessageInvoker(_handlers(), disposeHandler: true) : null;

    private async Task<bool> WaitForSlotAsync(TimeSpan timeout)
    {
        try
        {
            return await _slots.WaitAsync(timeout, _stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private TraceId NextTrace()
    {
        lock (_randomGate)
            return _random.NextTrace();
    }
}
