namespace Pressure.Web.Access;

/// <summary>How often enrolments may be tried: many in all, few from an address whose tokens are not right. Thread-safe.</summary>
internal sealed class EnrolmentRate(TimeProvider time)
{
    private const int PerSecond = 100;
    private const int Burst = 500;
    private const int Failures = 10;

    /// <summary>Addresses that are remembered; more fail only when somebody has many, and then all that is left is the bound on everybody.</summary>
    private const int MostAddresses = 10_000;

    private static readonly TimeSpan Forgets = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Failed, long Since)> _failures = [];
    private FrameRate _all = new(PerSecond, Burst, time.GetTimestamp());

    /// <summary>How long somebody has to wait; null if it may try now.</summary>
    public TimeSpan? WaitOf(string address)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_failures.TryGetValue(address, out var failures))
            {
                var ago = time.GetElapsedTime(failures.Since, now);
                if (ago >= Forgets)
                    _failures.Remove(address);
                else if (failures.Failed >= Failures)
                    return Forgets - ago;
            }
            return _all.Take(now, time) ? null : TimeSpan.FromSeconds(1);
        }
    }

    /// <summary>An attempt with a token that is not right.</summary>
    public void Failed(string address)
    {
        lock (_gate)
        {
            if (_failures.Count >= MostAddresses)
                _failures.Clear();
            _failures[address] = _failures.TryGetValue(address, out var failures) ? failures with { Failed = failures.Failed + 1 } : (1, time.GetTimestamp());
        }
    }
}
