namespace Pressure.LoadGen.Engine;

/// <summary>A lane's users of a share of a closed load: the share's users lane, lane + lanes, ... Each begins again as soon as the last iteration is over.</summary>
/// <remarks>
/// Every lane goes through the whole mix by itself: taking every second iteration of one common order, two lanes would run one scenario
/// of two each, and the faster one more often. Shares begin at different places of it, or a hundred of them would all begin with the first scenario.
/// </remarks>
internal sealed class UserStarts : LaneStarts
{
    // A user who could send nothing (no row of data is left, no connection came free) must not spin, nor one who finds no target there.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // One who has longer to wait waits here, where the load may be steered meanwhile.
    private static readonly TimeSpan LongestOwnWait = TimeSpan.FromSeconds(1);

    private readonly Workload _workload;
    private readonly IReadOnlyList<ScenarioScript> _scripts;
    private readonly PriorityQueue<RunningUser, (TimeSpan Due, int Number)> _free;
    private readonly List<RunningUser> _users = [];
    private readonly bool _keepsCookies;
    private readonly WorkShare _share;
    private readonly long _mixAt;
    private readonly int _lane;
    private readonly int _lanes;
    private UserPresence _presence;
    private TimeSpan _end;
    private long _begun;
    private bool _ended;

    public UserStarts(UserProfile profile, Workload workload, WorkShare share, IReadOnlyList<ScenarioScript> scripts, int lane, int lanes)
    {
        (_presence, _end, _workload, _share, _scripts, _lane, _lanes) = (profile, profile.Duration, workload, share, scripts, lane, lanes);
        _free = new((int)(share.CountBefore(profile.Peak) / lanes) + 1);
        _keepsCookies = workload.Plan.Http.Cookies == CookieKeeping.User;
        _mixAt = workload.Mix.PlaceOf(share.Index);
        AddUsers(share.From);
    }

    public override TimeSpan NextDue => _free.TryPeek(out _, out var next) ? next.Due : TimeSpan.MaxValue;

    public override bool IsExhausted(TimeSpan now) => _ended || (now >= _end && _free.Count == 0);

    public override Start Take()
    {
        _free.TryDequeue(out var user, out var next);
        return Begin(user!, next.Due);
    }

    public override Start? After(in Start ended, bool reached, TimeSpan now)
    {
        if (ended.User is not { } user)
            return null;
        user.IsRunning = false;
        if (DueOf(user, reached, now) is not { } due)
            return null;
        if (due - now < LongestOwnWait)
            return Begin(user, due);
        Wait(user, due);
        return null;
    }

    public override void Return(in Start ended, bool reached, TimeSpan now)
    {
        if (ended.User is not { } user)
            return;
        user.IsRunning = false;
        if (DueOf(user, reached, now) is { } due)
            Wait(user, due);
    }

    public override bool IsStillDue(in Start start) => start.User is not { } user || _presence.NextPresence(user.Number, start.Due) == start.Due;

    public override void Follow(SteeredWorkload steered, TimeSpan now)
    {
        if (_ended)
            return;
        (_presence, _end) = (steered.Users!, steered.End);
        now = now > _share.From ? now : _share.From;
        _free.Clear();
        foreach (var user in _users)
        {
            if (user.IsRunning)
                continue;
            var from = user.Due <= now ? user.Due : user.NotBefore > now ? user.NotBefore : now;
            user.Due = TimeSpan.MaxValue;
            if (_presence.NextPresence(user.Number, from) is { } due)
                Wait(user, due);
        }

        AddUsers(now);
    }

    public override void End()
    {
        _ended = true;
        _free.Clear();
    }

    private void AddUsers(TimeSpan now)
    {
        while (_share.NumberOf(_lane + ((long)_users.Count * _lanes)) is var number && number < _presence.Peak)
        {
            var user = new RunningUser((int)number, _keepsCookies);
            _users.Add(user);
            if (_presence.NextPresence(user.Number, now) is { } due)
                Wait(user, due);
        }
    }

    private void Wait(RunningUser user, TimeSpan due)
    {
        user.Due = due;
        _free.Enqueue(user, (due, user.Number));
    }

    private TimeSpan? DueOf(RunningUser user, bool reached, TimeSpan now)
    {
        var free = reached ? now : now + Pause;
        user.Due = TimeSpan.MaxValue;
        return _ended ? null : _presence.NextPresence(user.Number, free > user.NotBefore ? free : user.NotBefore);
    }

    private Start Begin(RunningUser user, TimeSpan due)
    {
        user.IsRunning = true;
        user.Due = TimeSpan.MaxValue;
        var number = _share.NumberOf(_share.FirstUserIteration + _lane + _begun * _lanes);
        var scenario = _workload.Mix[_mixAt + _begun++];
        user.NotBefore = due + _workload.Plan.Scenarios[scenario].Pacing;
        return new(_scripts[scenario], number, due, AlreadyAsked: false, user);
    }
}
