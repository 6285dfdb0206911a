using Pressure.Record;

namespace Pressure.Reports;

/// <summary>The load that was asked for: the plan's, as the timeline says that it was changed.</summary>
public static class SteeredLoad
{
    /// <summary>The same load with straight pieces as steered; <see cref="LoadManifest.Total"/> stays what the plan asked for.</summary>
    public static LoadManifest Of(LoadManifest planned, IEnumerable<TimelineEvent> events)
    {
        var changes = events.Where(e => e is TimelineEvent.LoadSteered or TimelineEvent.StopRequested { Graceful: true }).OrderBy(e => e.At).ToList();
        if (changes.Count == 0)
            return planned;
        var rates = new List<RateSegment>();
        var users = new List<UserSegment>();
        var state = State.Planned;
        var from = TimeSpan.Zero;
        foreach (var change in changes)
        {
            Add(change.At);
            state = state.After(change);
            from = change.At;
        }
        if (!state.IsOver)
            Add(TimeSpan.MaxValue);
        return planned with { Segments = rates, Users = users };

        void Add(TimeSpan to)
        {
            if (to <= from || state.IsOver)
                return;
            rates.AddRange(planned.Segments.Where(s => s.From < to && s.To > from).Select(s => state.Steer(Cut(s, from, to))));
            users.AddRange(planned.Users.Where(s => s.From < to && s.To > from).Select(s => state.Steer(Cut(s, from, to))));
        }
    }

    /// <summary>The rate asked for at a time; 0 outside of the load.</summary>
    public static double RateAt(LoadManifest load, TimeSpan at) =>
        load.Segments.Where(s => at >= s.From && at < s.To).Select(s => RateOf(s, at)).FirstOrDefault();

    /// <summary>The users wished for at a time; 0 outside of the load.</summary>
    public static int UsersAt(LoadManifest load, TimeSpan at) =>
        load.Users.Where(s => at >= s.From && at < s.To).Select(s => UsersOf(s, at)).FirstOrDefault();

    private static RateSegment Cut(RateSegment s, TimeSpan from, TimeSpan to)
    {
        var (start, end) = (from > s.From ? from : s.From, to < s.To ? to : s.To);
        return new(start, end, RateOf(s, start), RateOf(s, end));
    }

    private static UserSegment Cut(UserSegment s, TimeSpan from, TimeSpan to)
    {
        var (start, end) = (from > s.From ? from : s.From, to < s.To ? to : s.To);
        return new(start, end, UsersOf(s, start), UsersOf(s, end));
    }

    private static double RateOf(RateSegment s, TimeSpan at) =>
        at <= s.From ? s.FromRate : at >= s.To ? s.ToRate : s.FromRate + ((s.ToRate - s.FromRate) * ((at - s.From) / (s.To - s.From)));

    private static int UsersOf(UserSegment s, TimeSpan at) =>
        at >= s.To ? s.ToUsers : (int)Math.Floor(s.FromUsers + ((s.ToUsers - s.FromUsers) * ((at - s.From) / (s.To - s.From))));

    private sealed record State(SteeredTo Level, double Value, bool IsPaused, bool IsOver)
    {
        public static State Planned { get; } = new(SteeredTo.Plan, 0, IsPaused: false, IsOver: false);

        public State After(TimelineEvent change) => change switch
        {
            TimelineEvent.LoadSteered { To: SteeredTo.Paused } => this with { IsPaused = true },
            TimelineEvent.LoadSteered { To: SteeredTo.Resumed } => this with { IsPaused = false },
            TimelineEvent.LoadSteered steered => this with { Level = steered.To, Value = steered.Value },
            _ => this with { IsOver = true },
        };

        public RateSegment Steer(RateSegment planned) => (IsPaused, Level) switch
        {
            (true, _) => planned with { FromRate = 0, ToRate = 0 },
            (_, SteeredTo.Rate) => planned with { FromRate = Value, ToRate = Value },
            (_, SteeredTo.Factor) => planned with { FromRate = planned.FromRate * Value, ToRate = planned.ToRate * Value },
            _ => planned,
        };

        public UserSegment Steer(UserSegment planned) => (IsPaused, Level) switch
        {
            (true, _) => planned with { FromUsers = 0, ToUsers = 0 },
            (_, SteeredTo.Users) => planned with { FromUsers = (int)Value, ToUsers = (int)Value },
            _ => planned,
        };
    }
}
