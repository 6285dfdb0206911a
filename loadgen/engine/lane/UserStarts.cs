namespace Pressure.LoadGen.Engine;

/// <summary>A lane's users of a closed load: users lane, lane + lanes, ... Each begins again as soon as the last iteration is over.</summary>
/// <remarks>
/// Every lane goes through the whole mix by itself: taking every second iteration of one common order, two lanes would run one scenario
/// of two each, and the faster one more often.
/// </remarks>
internal sealed class UserStarts : LaneStarts
{
    // A user who could send nothing (no row of data is left, no connection came free) must not spin, nor one who finds no target there.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly UserProfile _profile;
    private readonly Workload _workload;
    private readonly IReadOnlyList<ScenarioScript> _scripts;
    private readonly PriorityQueue<RunningUser, (TimeSpan Due, int Number)> _free;
    private readonly int _lane;
    private readonly int _lanes;
    private long _begun;
    private bool _ended;

    public UserStarts(UserProfile profile, Workload workload, IReadOnlyList<ScenarioScript> scripts, int lane, int lanes)
    {
        (_profile, _workload, _scripts, _lane, _lanes) = (profile, workload, scripts, lane, lanes);
        _free = new(profile.Peak / lanes + 1);
        for (var user = lane; user < profile.Peak; user += lanes)
        {
            if (profile.NextPresence(user, TimeSpan.Zero) is { } due)
                _free.Enqueue(new RunningUser(user), (due, user));
        }
    }

    public override TimeSpan NextDue => _free.TryPeek(out _, out var next) ? next.Due : TimeSpan.MaxValue;

    public override bool IsExhausted(TimeSpan now) => _ended || (now >= _profile.Duration && _free.Count == 0);

    public override Start Take()
    {
        _free.TryDequeue(out var user, out var next);
        return Begin(user!, next.Due);
    }

    public override Start? After(in Start ended, bool reached, TimeSpan now) =>
        ended.User is { } user && DueOf(user, reached, now) is { } due ? Begin(user, due) : null;

    public override void Return(in Start ended, bool reached, TimeSpan now)
    {
        if (ended.User is { } user && DueOf(user, reached, now) is { } due)
            _free.Enqueue(user, (due, user.Number));
    }

    public override void End()
    {
        _ended = true;
        _free.Clear();
    }

    private TimeSpan? DueOf(RunningUser user, bool reached, TimeSpan now)
    {
        var free = reached ? now : now + Pause;
        return _ended ? null : _profile.NextPresence(user.Number, free > user.NotBefore ? free : user.NotBefore);
    }

    private Start Begin(RunningUser user, TimeSpan due)
    {
        var number = _lane + _begun * _lanes;
        var scenario = _workload.Mix[_begun++];
        user.NotBefore = due + _workload.Plan.Scenarios[scenario].Pacing;
        return new(_scripts[scenario], number, due, AlreadyAsked: false, user);
    }
}
