using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>A share whose load is being made: engine, lease, record. Whatever ends it early says why, and the first to say so counts.</summary>
internal sealed class PressedShare : IDisposable
{
    private readonly ShareOffer _offer;
    private readonly PreparedShare _share;
    private readonly RunClock _clock;
    private readonly TimeProvider _time;
    private readonly LoadLease _lease;
    private readonly Steering _steering;
    private readonly CancellationTokenSource _stopLoad = new();
    private readonly Lock _gate = new();
    private (TimeSpan At, string? Failure)? _cut;
    private int _applied;
    private long _rate;
    private int _seconds;

    /// <summary>Prepares it; nothing is sent yet.</summary>
    /// <param name="offer">What is made.</param>
    /// <param name="share">The same, prepared.</param>
    /// <param name="clock">The run's clock.</param>
    /// <param name="leasedUntil">Until when the lease lasts, on the run's clock.</param>
    /// <param name="time">This machine's clock.</param>
    public PressedShare(ShareOffer offer, PreparedShare share, RunClock clock, TimeSpan leasedUntil, TimeProvider time)
    {
        (_offer, _share, _clock, _time) = (offer, share, clock, time);
        _lease = new(leasedUntil);
        _steering = new(share.Workload, clock);
    }

    /// <summary>Requests sent in the last closed second.</summary>
    public long Rate => Interlocked.Read(ref _rate);

    /// <summary>Seconds recorded.</summary>
    public int Seconds => Volatile.Read(ref _seconds);

    /// <summary>The lease lasts as long as the book says by now. Once it has run out the share is over: it may be another's.</summary>
    public void Renew(LeaseBook book)
    {
        if (book.EndOn(_clock) is { } end)
            _lease.Renew(end, _clock.Now);
    }

    /// <summary>Ends the load at once.</summary>
    /// <param name="failure">What is wrong; null if it is as it should be.</param>
    public void End(string? failure) => Cut(failure);

    /// <summary>Takes the changes of the load that are new, in order.</summary>
    public void Apply(IReadOnlyList<OrderedChange> changes)
    {
        lock (_gate)
        {
            for (; _applied < changes.Count; _applied++)
            {
                if (SteeringText.Parse(changes[_applied].Change).Change is { } change)
                    _steering.Follow(changes[_applied].At, change);
            }
        }
    }

    /// <summary>Makes the load to its end.</summary>
    public async Task<ShareEnded> RunAsync(ShareRecord record, ShareEngine engine, string worker, Action onSecond)
    {
        LoadEnding? ending = null;
        string? failure = null;
        try
        {
            using var replay = _share.Replay is { } captures ? ReplayRun.Of(captures, record.Writer, _clock, _time, account => ReplayNote.Write(record.Folder, account)) : null;
            var job = new EngineJob(_share.Workload, _offer.Run, LaneCount.For(_share.Workload))
            {
                Guard = new TargetGuard(_offer.Allow),
                Steering = _steering,
                Replay = replay?.Source,
                Share = _offer.WorkShare(),
                Lease = _lease,
            };
            ending = await engine(job, _clock, second => Take(second, record, replay, onSecond), _stopLoad.Token);
            replay?.End(_clock.Now);
            failure = replay?.Failure;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            failure = e.Message;
        }
        return Ended(worker, ending, failure);
    }

    /// <inheritdoc/>
    public void Dispose() => _stopLoad.Dispose();

    private void Take(EngineSecond second, ShareRecord record, ReplayRun? replay, Action onSecond)
    {
        if (IsUnrecorded)
            return;
        try
        {
            record.Append(second);
            replay?.Take(second.Interval);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Pressing on without a record would be load for nothing.
            IsUnrecorded = true;
            Cut($"it can't write its record: {e.Message}", outranks: true);
            return;
        }
        Interlocked.Exchange(ref _rate, second.Interval.Requests.Sum(r => r.Sent));
        Interlocked.Increment(ref _seconds);
        onSecond();
    }

    // A second after one that is missing would look as if that had been delivered.
    private bool IsUnrecorded { get; set; }

    private void Cut(string? failure, bool outranks = false)
    {
        lock (_gate)
        {
            if (_cut is null)
                _cut = (_clock.Now, failure);
            else if (outranks)
                _cut = _cut.Value with { Failure = failure };
        }
        _stopLoad.Cancel();
    }

    private ShareEnded Ended(string worker, LoadEnding? ending, string? failure)
    {
        lock (_gate)
        {
            // An engine that failed did not say how far it came.
            var until = ending?.Until ?? _cut?.At ?? _clock.Now;
            return new(worker, _offer.Share, _offer.Epoch)
            {
                Seconds = Seconds,
                Until = until > TimeSpan.Zero ? until : TimeSpan.Zero,
                LeaseRanOut = ending?.LeaseRanOut ?? false,
                Failure = _cut?.Failure ?? failure,
            };
        }
    }
}
