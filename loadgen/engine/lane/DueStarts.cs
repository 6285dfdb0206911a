namespace Pressure.LoadGen.Engine;

/// <summary>
/// The rules by which a lane takes its starts: what is too late to send, how the load is steered, and how long after the last start the
/// lane goes on.
/// </summary>
internal sealed class DueStarts(LaneStarts starts, EngineJob job)
{
    // A request's time begins when it is sent, which is a moment after the turn that takes it: it ends by its own timeout, not with the load.
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(100);

    private readonly TimeSpan _latest = job.Workload.Plan.Http.Timeout;
    private readonly TimeSpan _longestTimeout = job.Workload.Plan.Timeouts[^1];
    private SteeredWorkload? _steered;
    private bool _stopped;
    private LoadEnding _ending;

    /// <summary>How far the lane has made its part; once it is over.</summary>
    public LoadEnding Ending => _stopped ? _ending : new(LoadEnd, LeaseRanOut: false);

    /// <summary>When the load ends.</summary>
    public TimeSpan LoadEnd { get; private set; } = job.Workload.Duration;

    /// <summary>When what is still under way is given up; <see cref="TimeSpan.MaxValue"/> while starts may come.</summary>
    public TimeSpan Deadline { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Goes over to the latest steering. After the clock was read: a change that this does not see yet holds only from a later time on.</summary>
    public void Follow(TimeSpan now)
    {
        if (job.Steering?.Current is not { } steered || ReferenceEquals(steered, _steered))
            return;
        _steered = steered;
        if (_stopped)
            return;
        LoadEnd = steered.End;
        starts.Follow(steered, now);
    }

    /// <summary>
    /// Whether a start, taken now, comes too late: a generator that is this far behind will not catch up, and what it sent then would be
    /// at a rate never asked for.
    /// </summary>
    /// <remarks>Nor can a turn of a conversation over raw TCP come after the end of its connection.</remarks>
    public bool IsTooLate(in Start start, TimeSpan now) => (start.IsOwed && now - start.Due > _latest) || start.Client is { IsCutOff: true };

    /// <summary>Sets the deadline once no starts are left: answers get as long as the longest request timeout, and a margin.</summary>
    public void Settle(TimeSpan now)
    {
        if (Deadline != TimeSpan.MaxValue || !starts.IsExhausted(now))
            return;
        if (starts.EndsLoad && now < LoadEnd)
            LoadEnd = now;
        Deadline = (now > LoadEnd ? now : LoadEnd) + _longestTimeout + Margin;
    }

    /// <summary>The lease's end.</summary>
    public TimeSpan LeaseEnd => job.Lease.Until;

    /// <summary>Whether nothing new may be sent any more, since the lease has run out.</summary>
    public bool HasLostLease(TimeSpan now) => job.Lease.IsOver(now);

    /// <summary>On a stop: what is due and was not taken goes to <paramref name="drop"/>, and answers get <paramref name="grace"/>.</summary>
    public void Stop(TimeSpan now, TimeSpan grace, Action<Start> drop) => Stop(new(now, LeaseRanOut: false), upTo: now, now + grace, drop);

    /// <summary>
    /// The same when the lease has run out, which may have been long ago: what was due before its end is asked for, and nothing after, which somebody else
    /// may be making by now.
    /// </summary>
    public void StopWithLease(TimeSpan now, TimeSpan grace, Action<Start> drop) =>
        Stop(new(LeaseEnd, LeaseRanOut: true), upTo: LeaseEnd - TimeSpan.FromTicks(1), now + grace, drop);

    private void Stop(LoadEnding ending, TimeSpan upTo, TimeSpan deadline, Action<Start> drop)
    {
        (_stopped, _ending, Deadline) = (true, ending, deadline);
        starts.Advance(upTo);
        while (starts.NextDue <= upTo)
            drop(starts.Take());
        starts.End();
    }
}
