using Pressure.Faults;

namespace Pressure.Gateway;

/// <summary>A rule in force.</summary>
internal sealed class RunningRule : IDisposable
{
    private readonly Random _dice;
    private readonly CancellationTokenSource _ended = new();

    public RunningRule(string handle, string kind, GatewayRule rule, int seed) => (Handle, Kind, Rule, _dice, Ended) = (handle, kind, rule, new Random(seed), _ended.Token);

    /// <summary>The fault that it belongs to.</summary>
    public string Handle { get; }

    /// <summary>The kind of fault.</summary>
    public string Kind { get; }

    /// <summary>What it says.</summary>
    public GatewayRule Rule { get; }

    /// <summary>Cancelled when it has ended.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Throws the dice for one more request or connection.</summary>
    public bool Strikes()
    {
        if (Rule.Share >= 1)
            return true;
        lock (_dice)
            return _dice.NextDouble() < Rule.Share;
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }
}

/// <summary>The rules of a gateway. Thread-safe; whoever asks sees all or none of a change.</summary>
internal sealed class RuleBook(TimeProvider time, int seed) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ITimer> _deadlines = [];
    private volatile RunningRule[] _rules = [];

    /// <summary>Tells that rules have come or gone.</summary>
    public event Action? Changed;

    /// <summary>Those in force, in the order in which they came.</summary>
    public IReadOnlyList<RunningRule> Rules => _rules;

    /// <summary>Puts one in force for a time; one of the same handle is left as it is.</summary>
    public void Add(string handle, string kind, GatewayRule rule, TimeSpan left)
    {
        lock (_gate)
        {
            if (left <= TimeSpan.Zero || _rules.Any(r => r.Handle == handle))
                return;
            // Dice of its own: a rule's choices do not depend on what other rules there are.
            _rules = [.. _rules, new(handle, kind, rule, unchecked(seed * 7919 + Stable(handle)))];
            _deadlines[handle] = time.CreateTimer(_ => Remove(handle), null, left, Timeout.InfiniteTimeSpan);
        }
        Changed?.Invoke();
    }

    /// <summary>Ends one; whether it was there.</summary>
    public bool Remove(string handle)
    {
        RunningRule? ended;
        lock (_gate)
        {
            ended = _rules.FirstOrDefault(r => r.Handle == handle);
            if (ended is null)
                return false;
            _rules = [.. _rules.Where(r => r != ended)];
            if (_deadlines.Remove(handle, out var timer))
                timer.Dispose();
        }
        ended.Dispose();
        Changed?.Invoke();
        return true;
    }

    /// <summary>Ends all.</summary>
    public void Dispose()
    {
        foreach (var rule in _rules)
            Remove(rule.Handle);
    }

    private static int Stable(string handle) => handle.Aggregate(17, (sum, c) => unchecked(sum * 31 + c));
}
