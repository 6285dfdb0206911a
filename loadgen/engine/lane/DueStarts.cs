namespace Pressure.LoadGen.Engine;

/// <summary>The rules by which a lane takes its starts: what is too late to send, and how long after the last one the lane goes on.</summary>
internal sealed class DueStarts(LaneStarts starts, TimeSpan loadEnd, TimeSpan timeout)
{
    /// <summary>When what is still under way is given up; <see cref="TimeSpan.MaxValue"/> while starts may come.</summary>
    public TimeSpan Deadline { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Whether a start, taken now, comes too late: a generator that is this far behind will not catch up, and what it sent then
    /// would be at a rate never asked for.</summary>
    public bool IsTooLate(in Start start, TimeSpan now) => start.IsOwed && now - start.Due > timeout;

    /// <summary>Sets the deadline once no starts are left: answers get as long as the request timeout.</summary>
    public void Settle(TimeSpan now)
    {
        if (Deadline == TimeSpan.MaxValue && starts.IsExhausted(now))
            Deadline = (now > loadEnd ? now : loadEnd) + timeout;
    }

    /// <summary>On a stop: what is due and was not taken goes to <paramref name="drop"/>, and answers get <paramref name="grace"/>.</summary>
    public void Stop(TimeSpan now, TimeSpan grace, Action<Start> drop)
    {
        Deadline = now + grace;
        while (starts.NextDue <= now)
            drop(starts.Take());
        starts.End();
    }
}
