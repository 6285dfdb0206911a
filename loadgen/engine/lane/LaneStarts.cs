namespace Pressure.LoadGen.Engine;

/// <summary>A lane's part of a workload's starts.</summary>
internal abstract class LaneStarts
{
    /// <summary>When the next iteration is due; <see cref="TimeSpan.MaxValue"/> while none is.</summary>
    public abstract TimeSpan NextDue { get; }

    /// <summary>When the lane has to look again, for a start or for what may become one.</summary>
    public virtual TimeSpan NextLook => NextDue;

    /// <summary>Whether the load is over as soon as none is left, even if the plan is longer.</summary>
    public virtual bool EndsLoad => false;

    /// <summary>Begins with the lane's first iteration of a share, which its lanes divide among themselves.</summary>
    public static LaneStarts Create(Workload workload, WorkShare share, IReadOnlyList<ScenarioScript> scripts, int lane, int lanes) => workload.Users is { } users
        ? new UserStarts(users, workload, share, scripts, lane, lanes)
        : new ScheduledStarts(workload, share, scripts, lane, lanes);

    /// <summary>Whether none will come any more. Before the end of the load it may still be steered.</summary>
    public abstract bool IsExhausted(TimeSpan now);

    /// <summary>Finds out what has fallen due; called before the lane takes any.</summary>
    public virtual void Advance(TimeSpan now)
    {
    }

    /// <summary>Takes the next iteration.</summary>
    public abstract Start Take();

    /// <summary>
    /// Counts as asked what is due before a second's end and has not been taken yet: a lane that is behind must not tell the second
    /// as calmer than it was meant to be.
    /// </summary>
    public virtual void CountAskedBefore(TimeSpan end, LaneBook book)
    {
    }

    /// <summary>The user's next iteration, once the last one is over (later if it did not reach the target); null when the user's time is over, and when it was no user's.</summary>
    public virtual Start? After(in Start ended, bool reached, TimeSpan now) => null;

    /// <summary>The iteration is over: its user or client, if it has one, goes on as soon as may be.</summary>
    public virtual void Return(in Start ended, bool reached, TimeSpan now)
    {
    }

    /// <summary>Whether the user is to be there at a start's time, which may have been changed since it was given.</summary>
    public virtual bool IsStillDue(in Start start) => true;

    /// <summary>Goes on with a load that was steered; what has been taken stays taken.</summary>
    public abstract void Follow(SteeredWorkload steered, TimeSpan now);

    /// <summary>Cuts the load off here.</summary>
    public abstract void End();
}
