using System.Diagnostics.CodeAnalysis;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>One share at one worker, from its offer until its results are delivered.</summary>
/// <remarks>
/// <code>
/// offer --> Preparing --> Ready --begin--> Pressing --> Delivering --> Done
///               \ problems    \ another's now   \ stop, lease, failure
/// </code>
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The source holds no timer and no handle.")]
internal sealed class WorkerShare(ShareOffer offer, WorkerRun run, WorkerParts parts)
{
    /// <summary>Whoever is ready waits this long, and two leases, for a coordinator that is not heard.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LeasePause = TimeSpan.FromMilliseconds(20);

    private readonly TaskCompletionSource<ShareBegin> _begin = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _drop = new();
    private readonly Lock _gate = new();
    private PressedShare? _pressed;
    private Outbox? _outbox;
    private SharePhase _phase;
    private string? _whyDropped;
    private bool _wasNamed;
    private long _begunAt;
    private long _readyBeat;

    /// <summary>The share and whose time with it.</summary>
    public HeldShare Held { get; } = offer.Held();

    /// <summary>What it is at.</summary>
    public SharePhase Phase
    {
        get
        {
            lock (_gate)
                return _phase;
        }
    }

    /// <summary>How it stands.</summary>
    public ShareStatus Status
    {
        get
        {
            lock (_gate)
            {
                var seconds = _pressed?.Seconds ?? 0;
                return new(offer.Run, Held.Share, Held.Epoch, _phase, _phase == SharePhase.Pressing ? _pressed!.Rate : 0, seconds, seconds - (_outbox?.Delivered ?? 0));
            }
        }
    }

    /// <summary>The moment of the start is known.</summary>
    public void Begin(ShareBegin begin) => _begin.TrySetResult(begin);

    /// <summary>A beat was heard: the lease lasts longer.</summary>
    public void Renew()
    {
        lock (_gate)
            _pressed?.Renew(run.Leases);
    }

    /// <summary>Takes orders: whose it is, what was changed.</summary>
    public void Take(Orders orders)
    {
        var holder = orders.Holders.FirstOrDefault(h => h.Share == Held.Share);
        var isOurs = holder is not null && holder.Epoch == Held.Epoch && holder.Worker == parts.Options.Name;
        _wasNamed |= isOurs;
        if (orders.Stop)
            End(failure: null);
        else if (!isOurs && (_wasNamed || holder?.Epoch >= Held.Epoch || IsLongBegun))
            End(failure: null);
        lock (_gate)
            _pressed?.Apply(orders.Changes);
    }

    /// <summary>Ends it: the load if it is on, else what prepares it.</summary>
    public void End(string? failure)
    {
        lock (_gate)
        {
            if (_phase == SharePhase.Pressing)
                _pressed?.End(failure);
            if (_phase >= SharePhase.Pressing)
                return;
            _whyDropped ??= failure;
            _drop.Cancel();
        }
    }

    /// <summary>Does all of it. Never fails.</summary>
    /// <param name="leave">Nothing is delivered any more.</param>
    public async Task RunAsync(CancellationToken leave)
    {
        parts.Store.Hold(offer.Files);
        try
        {
            using var prepared = await PrepareAsync();
            if (prepared is not null)
                await PressAsync(prepared, await BeginAsync(), leave);
        }
        catch (OperationCanceledException)
        {
            // It is another's, or nobody's any more; or this worker leaves.
            await TellDroppedAsync(leave);
        }
        finally
        {
            Enter(SharePhase.Done);
            parts.Store.Release(offer.Files);
        }
    }

    // Orders that were written before the share was given to us may come after its begin; a heartbeat later they can't.
    private bool IsLongBegun => _begunAt != 0 && parts.Time.GetElapsedTime(_begunAt) > offer.Heartbeat;

    private string Folder => parts.FolderOf(offer.Run, Held);

    private async Task<PreparedShare?> PrepareAsync()
    {
        var preparation = new SharePreparation(offer, Folder, parts.Store, run.Line, parts.Options, parts.Time);
        var prepared = await preparation.PrepareAsync(_drop.Token);
        var problems = preparation.Problems;
        var clock = prepared is null ? null : await run.ClockAsync(_drop.Token);
        if (prepared is not null && clock is null)
            problems = [$"Worker {parts.Options.Name} asked its coordinator what time it is there, and got no answer. Check that the coordinator still runs, and the broker."];
        else if (clock is { } known && known.UncertaintyNow(parts.Time) > offer.ClockSlack)
            problems = [$"The clock of worker {parts.Options.Name} may be wrong by {known.UncertaintyNow(parts.Time).TotalMilliseconds:0} ms: it could send while the one before it still may. The way to the broker is slow; use a longer heartbeat, or workers nearer to it."];
        _readyBeat = run.Leases.Sending();
        var ready = new ShareReady(parts.Options.Name, Held.Share, Held.Epoch)
        {
            ClockOffset = clock?.Offset(parts.Time) ?? TimeSpan.Zero,
            ClockUncertainty = clock?.UncertaintyNow(parts.Time) ?? TimeSpan.Zero,
            Problems = problems,
        };
        if (problems.Count == 0)
            Enter(SharePhase.Ready);
        if (await run.Line.DeliverAsync(MessageBody.Write(MessageKinds.Ready, ready), _drop.Token) && problems.Count == 0)
            return prepared;
        prepared?.Dispose();
        return null;
    }

    private async Task PressAsync(PreparedShare prepared, ShareBegin begin, CancellationToken leave)
    {
        // Whoever says begin has heard that we are ready.
        run.Leases.Heard(_readyBeat);
        var estimate = (await run.ClockAsync(_drop.Token))!.Value;
        var clock = RunClock.Agreed(parts.Time, estimate.TimestampAt(parts.Time, begin.StartsAt), begin.StartsAt);
        using var pressed = new PressedShare(offer, prepared, clock, await LeaseAsync(clock, estimate.UncertaintyNow(parts.Time)), parts.Time);
        ShareRecord record;
        try
        {
            record = ShareRecord.Begin(Folder, prepared.Manifest, offer.Plan, clock, parts.Options.Name, Held);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await TellUnbegunAsync($"it can't write its record: {e.Message}", leave);
            return;
        }
        using var outbox = new Outbox(Folder, Held, run.Line, parts.Options.Name);
        lock (_gate)
        {
            (_pressed, _outbox, _begunAt, _phase) = (pressed, outbox, parts.Time.GetTimestamp(), SharePhase.Pressing);
            // What came until now could only drop it.
            if (_drop.IsCancellationRequested)
                pressed.End(_whyDropped);
        }
        if (run.LastOrders is { } orders)
            Take(orders);
        run.BeatNow();
        var pressing = PressAsync(pressed, record, outbox);
        try
        {
            await outbox.DeliverAsync(pressing, leave);
            // Also if nobody wanted it for too long.
            ShareNote.Settle(Folder);
        }
        finally
        {
            await pressing;
        }
    }

    private async Task<ShareEnded> PressAsync(PressedShare pressed, ShareRecord record, Outbox outbox)
    {
        using (record)
        {
            var ended = await pressed.RunAsync(record, parts.Engine, parts.Options.Name, outbox.Wake);
            Enter(SharePhase.Delivering);
            record.End(ended);
            return ended;
        }
    }

    /// <summary>Waits for the begin, as long as the coordinator is heard.</summary>
    private async Task<ShareBegin> BeginAsync()
    {
        while (true)
        {
            try
            {
                return await _begin.Task.WaitAsync(offer.Heartbeat, parts.Time, _drop.Token);
            }
            catch (TimeoutException)
            {
                if (run.Silence > LongestSilence + (2 * offer.Lease))
                    await _drop.CancelAsync();
            }
        }
    }

    /// <summary>Until when the lease lasts, on the run's clock; waits for one if there is none left. At a run's start both sides count from offset zero, if no beat was heard before.</summary>
    private async Task<TimeSpan> LeaseAsync(RunClock clock, TimeSpan uncertainty)
    {
        var asked = parts.Time.GetTimestamp();
        var fromStart = clock.Now < TimeSpan.Zero ? offer.Lease - uncertainty : TimeSpan.MinValue;
        while (true)
        {
            var until = run.Leases.EndOn(clock) is { } heard && heard > fromStart ? heard : fromStart;
            var now = clock.Now;
            if (until > now)
                return until;
            if (parts.Time.GetElapsedTime(asked) > offer.Lease)
                return now;
            await Task.Delay(LeasePause, parts.Time, _drop.Token);
        }
    }

    private async Task TellDroppedAsync(CancellationToken leave)
    {
        string? why;
        lock (_gate)
            why = _phase < SharePhase.Pressing ? _whyDropped : null;
        if (why is not null)
            await TellUnbegunAsync(why, leave);
    }

    private async Task TellUnbegunAsync(string why, CancellationToken leave)
    {
        try
        {
            var ended = new ShareEnded(parts.Options.Name, Held.Share, Held.Epoch) { Seconds = 0, Until = offer.From, Failure = why };
            await run.Line.DeliverAsync(MessageBody.Write(MessageKinds.Ended, ended), leave);
        }
        catch (OperationCanceledException)
        {
            // This worker leaves: its silence says the same.
        }
    }

    private void Enter(SharePhase phase)
    {
        lock (_gate)
            _phase = phase;
    }
}
