namespace Pressure.LoadGen;

/// <summary>How many users are there at a time, and so when each of them is: user u (0, 1, 2, ...) is there while more than u are.</summary>
/// <remarks>
/// Rule: at time t as many users are there as whole users fit below the straight line of the stage, for t in the half-open interval
/// [0, duration). So 0 -> 4 over 4 s lets users in at 1, 2 and 3 s, and the fourth with the next stage if that begins with 4. Whole numbers only.
/// </remarks>
internal sealed class UserProfile : UserPresence
{
    private readonly IReadOnlyList<UserStage> _stages;

    public UserProfile(IReadOnlyList<UserStage> stages)
    {
        _stages = stages;
        Duration = TimeSpan.FromTicks(stages.Sum(s => s.Over.Ticks));
        Peak = stages.Max(s => Math.Max(s.From, s.To));
    }

    /// <summary>Length of the load.</summary>
    public TimeSpan Duration { get; }

    /// <inheritdoc/>
    public override int Peak { get; }

    /// <inheritdoc/>
    public override TimeSpan? NextPresence(int user, TimeSpan from)
    {
        var start = 0L;
        for (var i = 0; i < _stages.Count; i++)
        {
            var stage = _stages[i];
            var end = start + stage.Over.Ticks;
            if (from.Ticks < end && FirstTick(stage, user + 1L, Math.Max(0, from.Ticks - start)) is { } tick && tick < stage.Over.Ticks)
                return TimeSpan.FromTicks(start + tick);
            start = end;
        }
        return null;
    }

    /// <summary>The first tick of a stage, not before one, at which the line has reached a number of users.</summary>
    private static long? FirstTick(UserStage stage, long users, long from)
    {
        var (length, slope) = (stage.Over.Ticks, (long)stage.To - stage.From);
        if (stage.From * length + slope * from >= users * length)
            return from;
        // Users and ticks of 30 days multiply to less than 2^62.
        return slope > 0 ? ((users - stage.From) * length + slope - 1) / slope : null;
    }
}
