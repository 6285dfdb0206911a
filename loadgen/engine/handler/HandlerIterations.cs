using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>Iterations over SocketsHttpHandler, each an asynchronous method on the thread pool.</summary>
internal sealed class HandlerIterations : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly SemaphoreSlim _slots;
    private readonly GuardedBook _book;
    private readonly LaneStarts _starts;
    private readonly RunClock _clock;
    private readonly RedirectGuard _redirects;
    private readonly UsedUpData _usedUp;
    private readonly Func<HttpMessageHandler> _handlers;
    private readonly HttpOptions _options;
    private readonly CancellationToken _stopping;
    private readonly CancellationToken _abort;
    private readonly HandlerRequest[] _requests;
    private readonly RandomStream _random;
    private readonly Lock _randomGate = new();
    private volatile Exception? _failure;
    private int _active;
    private int _inFlight;

    /// <summary>Over a handler of <paramref name="handlers"/>, or one for each iteration. At most <paramref name="slots"/> requests are in flight at once; the others wait as long as the timeout.</summary>
    public HandlerIterations(EngineJob job, Func<HttpMessageHandler> handlers, int slots, GuardedBook book, LaneStarts starts, RunClock clock, CancellationToken stopping, CancellationToken abort)
    {
        var plan = job.Workload.Plan;
        (_book, _starts, _clock, _stopping, _abort) = (book, starts, clock, stopping, abort);
        (_redirects, _usedUp, _handlers, _options) = (job.Redirects, job.UsedUp, handlers, plan.Http);
        _invoker = new HttpMessageInvoker(handlers(), disposeHandler: true);
        _slots = new SemaphoreSlim(slots);
        _requests = [.. plan.Requests.Select(r => new HandlerRequest(r, plan.Http, job.RunId))];
        _random = new RandomStream($"{job.RunId} {plan.Seed}", 0);
    }

    /// <summary>Iterations under way.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>What no iteration should ever throw, but one did.</summary>
    public Exception? Failure => _failure;

    /// <summary>Requests under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Starts an iteration.</summary>
    public void Start(Start start)
    {
        Interlocked.Increment(ref _active);
        // Off the thread that keeps the schedule: building and encrypting a request takes longer than the next start may be away.
        _ = Task.Run(() => RunGuardedAsync(start), CancellationToken.None);
    }

    /// <summary>Counts an iteration that was due and can't be started.</summary>
    public void Drop(Start start)
    {
        if (!start.IsOwed)
            return;
        CountNotSent(start, from: 0, start.AlreadyAsked);
        _book.Enter(b => b.IterationDropped());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _invoker.Dispose();
        _slots.Dispose();
    }

    private async Task RunGuardedAsync(Start start)
    {
        try
        {
            // A user goes on from here; what a schedule asked for comes from the lane.
            for (Start? next = start; next is { } one;)
            {
                if (!one.IsOwed && !await WaitUntilDueAsync(one))
                    break;
                var (begun, lacksRow) = await RunAsync(one);
                next = lacksRow ? null : After(one, begun);
            }
        }
#pragma warning disable CA1031 // Whatever it is, the lane must tell of it, or the accounts would be short without a word.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure ??= e;
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    // The load may be steered while a user waits: one that is not to begin any more waits in the lane for the next change.
    private async Task<bool> WaitUntilDueAsync(Start start)
    {
        await PauseAsync(start.Due);
        var isDue = true;
        _book.Enter(_ =>
        {
            isDue = _starts.IsStillDue(start);
            if (!isDue)
                _starts.Return(start, begun: true, _clock.Now);
        });
        return isDue;
    }

    private Start? After(Start ended, bool begun)
    {
        Start? next = null;
        if (!ended.IsOwed && !_stopping.IsCancellationRequested)
            _book.Enter(_ => next = _starts.After(ended, begun, _clock.Now));
        return next;
    }

    private async Task<(bool Begun, bool LacksRow)> RunAsync(Start start)
    {
        var (script, due, alreadyAsked) = (start.Script, start.Due, start.AlreadyAsked);
        var scope = ScopeOf(script, start);
        using var own = OwnIf(_options.KeepAliveInIteration);
        var begun = false;
        var timed = true;
        for (var i = 0; i < script.Steps.Count; i++)
        {
            if (_stopping.IsCancellationRequested)
            {
                CountNotSent(start, i, alreadyAsked && i == 0);
                break;
            }

            if (script.Steps[i].Request is not { } request)
            {
                begun = Begin(begun);
                due += Pause(script.Steps[i]);
                await PauseAsync(due);
                timed = true;
                continue;
            }

            if (request.Template is { } template && !template.CanRender(scope!))
            {
                // Nor will a later iteration of this user's have a row: the user leaves.
                if (_usedUp.Note(template, scope!) && !begun && !start.IsOwed)
                    return (begun, LacksRow: true);
                CountNotSent(request, alreadyAsked && i == 0);
                continue;
            }

            if (i > 0 || !alreadyAsked)
                _book.Enter(b => b.Asked(request));
            var sent = await SendAsync(own ?? _invoker, request, scope, due, timed, () => begun = Begin(begun));
            if (!sent && !begun)
            {
                CountNotSent(start, i + 1, alreadyAsked: false);
                break;
            }

            due = _clock.Now;
            timed = false;
        }

        _book.Enter(b =>
        {
            if (begun)
                b.IterationEnded();
            else
                b.IterationDropped();
        });
        return (begun, LacksRow: false);
    }

    private async Task<bool> SendAsync(HttpMessageInvoker invoker, PreparedRequest request, IterationScope? scope, TimeSpan due, bool timed, Action onSlot)
    {
        var prepared = _requests[request.Index];
        var phases = new HandlerPhases(_clock);
        var atOnce = _slots.Wait(0, CancellationToken.None);
        if (!atOnce && !await WaitForSlotAsync(prepared.Timeout))
        {
            _book.Enter(b => b.NotSent(request));
            return false;
        }

        onSlot();
        Interlocked.Increment(ref _inFlight);
        var sentAt = phases.Sent();
        _book.Enter(b =>
        {
            b.Sent(request, sentAt - due);
            b.Wrote(request, prepared.Length);
            if (atOnce && timed)
                b.Late(sentAt - due);
        });
        // HTTP/2 has no word for a connection that is to be used once, and its handler no limit so short.
        using var once = OwnIf(!_options.KeepAlive && _options.Version.Major >= 2);
        var outcome = await new HandlerExchange(once ?? invoker, prepared, _redirects, phases: phases).RunAsync(scope, NextTrace(), prepared.Timeout, _abort);
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
        Interlocked.Decrement(ref _inFlight);
        _slots.Release();
        return true;
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

    private bool Begin(bool begun)
    {
        if (!begun)
            _book.Enter(b => b.IterationStarted());
        return true;
    }

    private async Task PauseAsync(TimeSpan until)
    {
        // A timer may fire a little early, and nothing may be sent before it is due.
        for (var left = until - _clock.Now; left > TimeSpan.Zero && !_stopping.IsCancellationRequested; left = until - _clock.Now)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private TimeSpan Pause(ScriptStep step)
    {
        lock (_randomGate)
            return step.ThinkMin + (step.ThinkMax - step.ThinkMin) * _random.NextShare();
    }

    private TraceId NextTrace()
    {
        lock (_randomGate)
            return _random.NextTrace();
    }

    private void CountNotSent(Start start, int from, bool alreadyAsked)
    {
        var script = start.Script;
        for (var i = from; start.IsOwed && i < script.Steps.Count; i++)
        {
            if (script.Steps[i].Request is { } request)
                CountNotSent(request, alreadyAsked && i == from);
        }
    }

    private void CountNotSent(PreparedRequest request, bool asked) => _book.Enter(b =>
    {
        if (!asked)
            b.Asked(request);
        b.NotSent(request);
    });

    private IterationScope? ScopeOf(ScenarioScript script, Start start)
    {
        if (!script.IsScoped)
            return null;
        var scope = new IterationScope(() => _clock.WallTimeAt(_clock.Now));
        scope.Begin(start.Number, start.User);
        return scope;
    }
}
