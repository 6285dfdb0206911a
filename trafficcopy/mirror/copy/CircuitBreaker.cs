namespace Pressure.Mirror;

/// <summary>How a breaker stands.</summary>
public enum BreakerState
{
    /// <summary>Copies pass.</summary>
    Closed,

    /// <summary>None passes.</summary>
    Open,

    /// <summary>One is tried.</summary>
    HalfOpen,
}

/// <summary>
/// Leaves a server alone that does not answer. What answers with an error of its own is alive: only connections that fail, answers that do not come and
/// those that break off count as failures. Thread-safe.
/// </summary>
/// <remarks>
/// <code>
/// closed ──n failures in a row, or a share of them──▶ open ──pause is over──▶ half open: one copy is tried
///   ▲                                                  ▲  └──────fails: twice the pause──────┤
///   └──────────────────────────────answers─────────────┼──────────────────────────────────────┘
/// </code>
/// </remarks>
internal sealed class CircuitBreaker(BreakerRules rules, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly FailureShare _share = new(rules, time);
    private volatile BreakerState _state;
    private int _inRow;
    private int _epoch;
    private long _openings;
    private long _opened;
    private TimeSpan _pause = rules.Pause;

    /// <summary>How it stands.</summary>
    public BreakerState State => _state;

    /// <summary>How often it opened.</summary>
    public long Openings => Volatile.Read(ref _openings);

    /// <summary>Whether a copy that began now would not get through: cheap, for those who have not begun yet.</summary>
    public bool IsPointless => _state switch
    {
        BreakerState.Closed => false,
        BreakerState.HalfOpen => true,
        _ => time.GetElapsedTime(Volatile.Read(ref _opened)) < _pause,
    };

    /// <summary>Lets a copy through, or not. Whoever is let through tells what came of it, with the permit.</summary>
    public bool TryEnter(out int permit)
    {
        lock (_gate)
        {
            permit = _epoch;
            if (_state == BreakerState.Closed)
                return true;
            if (_state == BreakerState.HalfOpen || time.GetElapsedTime(_opened) < _pause)
                return false;
            _state = BreakerState.HalfOpen;
            permit = ++_epoch;
            return true;
        }
    }

    /// <summary>The server answered.</summary>
    public void Succeeded(int permit)
    {
        lock (_gate)
        {
            if (permit != _epoch)
                return;
            _inRow = 0;
            if (_state == BreakerState.Closed)
                _share.Count(failed: false);
            else
                Close();
        }
    }

    /// <summary>It did not.</summary>
    public void Failed(int permit)
    {
        lock (_gate)
        {
            // What was sent before it opened says nothing about now.
            if (permit != _epoch)
                return;
            if (_state == BreakerState.HalfOpen)
                Open(Min(_pause * 2, rules.LongestPause));
            else if (++_inRow >= rules.Consecutive || _share.Count(failed: true))
                Open(rules.Pause);
        }
    }

    /// <summary>Nobody will know: the mirror ends, or the copy could not be sent at all.</summary>
    public void Abandoned(int permit)
    {
        lock (_gate)
        {
            if (permit == _epoch && _state == BreakerState.HalfOpen)
                _state = BreakerState.Open;
        }
    }

    private void Open(TimeSpan pause)
    {
        _pause = pause;
        Volatile.Write(ref _opened, time.GetTimestamp());
        _epoch++;
        _openings++;
        _state = BreakerState.Open;
    }

    private void Close()
    {
        _epoch++;
        (_inRow, _pause) = (0, rules.Pause);
        _share.Clear();
        _state = BreakerState.Closed;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>The share of failures among the results of the last moments: counts of this window and of the one before it.</summary>
internal sealed class FailureShare(BreakerRules rules, TimeProvider time)
{
    private long _began = time.GetTimestamp();
    private (int Results, int Failures) _now;
    private (int Results, int Failures) _before;

    /// <summary>Counts a result; whether there are too many failures.</summary>
    public bool Count(bool failed)
    {
        var age = time.GetElapsedTime(_began);
        if (age >= rules.Window)
        {
            _before = age < rules.Window * 2 ? _now : default;
            _now = default;
            _began = time.GetTimestamp();
        }
        _now = (_now.Results + 1, _now.Failures + (failed ? 1 : 0));
        var (results, failures) = (_now.Results + _before.Results, _now.Failures + _before.Failures);
        return results >= rules.AtLeast && failures >= rules.Share * results;
    }

    /// <summary>Forgets them.</summary>
    public void Clear() => (_now, _before, _began) = (default, default, time.GetTimestamp());
}
