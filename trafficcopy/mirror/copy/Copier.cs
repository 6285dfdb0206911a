namespace Pressure.Mirror;

/// <summary>Brings copies to the test target, and what it answers to the comparison.</summary>
internal sealed class Copier : IDisposable
{
    private readonly CopyTarget _target;
    private readonly CopyTarget? _secondary;
    private readonly AnswerJudge? _judge;
    private readonly MirrorAccounts _accounts;
    private readonly MirrorTimes _times;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly CopyQueue _queue;
    private long _numbers;

    public Copier(MirrorPlan plan, AnswerJudge? judge, MirrorAccounts accounts, MirrorTimes times, TimeProvider time)
    {
        (_judge, _accounts, _times, _time) = (judge, accounts, times, time);
        _target = new CopyTarget(plan.Copy!, plan, time);
        _secondary = plan.Secondary is { } secondary ? new CopyTarget(secondary, plan, time) : null;
        _queue = new CopyQueue(plan.Limits, SendAsync, Drop);
    }

    /// <summary>Copies that wait.</summary>
    public int Waiting => _queue.Waiting;

    /// <summary>Copies under way.</summary>
    public int UnderWay => _queue.UnderWay;

    /// <summary>The test target's breaker.</summary>
    public CircuitBreaker Breaker => _target.Breaker;

    /// <summary>The secondary's.</summary>
    public CircuitBreaker? SecondaryBreaker => _secondary?.Breaker;

    /// <summary>Takes a settled exchange.</summary>
    public void Offer(HeldExchange held) => _queue.Offer(held);

    /// <summary>Drops what waits, gives what is under way some time, and ends it then.</summary>
    public async Task EndAsync(TimeSpan grace)
    {
        var idle = _queue.EndAsync();
        _stop.CancelAfter(grace);
        await idle;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _target.Dispose();
        _secondary?.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync(HeldExchange held)
    {
        // Looked at before the request is made: after an opening thousands that had waited come by here.
        if (_target.Breaker.IsPointless)
        {
            Drop(held, CopyFate.BreakerOpen);
            return;
        }
        var began = _time.GetTimestamp();
        var number = Interlocked.Increment(ref _numbers);
        var other = _secondary?.AskAsync(held, number, keep: true, _stop.Token);
        var answer = await _target.AskAsync(held, number, keep: _judge is not null, _stop.Token);
        if (answer.Fate == CopyFate.Copied)
        {
            _times.Copied(_time.GetElapsedTime(held.Began, held.Ended), _time.GetElapsedTime(began));
            _accounts.CopyAnswered(answer.Status, held.Request.Length);
        }
        var secondary = other is null ? null : await other;
        _judge?.Judge(held, answer, secondary);
        answer.Release();
        secondary?.Release();
        Drop(held, answer.Fate);
    }

    /// <summary>The copy has met its fate; what was held for it is given back.</summary>
    private void Drop(HeldExchange held, CopyFate fate)
    {
        held.Done(held.Copy!);
        _accounts.Count(fate);
    }
}
