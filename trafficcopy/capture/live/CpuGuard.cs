namespace Pressure.TrafficCopy;

/// <summary>
/// Keeps a thread within a share of one core: says when it has to rest, and, when resting does not help, how many connections to let go of. Time comes from
/// outside, in nanoseconds.
/// </summary>
/// <remarks>
/// Looked at in windows of a tenth of a second, so that what waits meanwhile is little. One burst costs a rest; only three windows in a row that
/// needed one halve the connections, and two calm seconds take that back. Starting up, with all code to be compiled, is such a burst.
/// </remarks>
internal sealed class CpuGuard(double share)
{
    /// <summary>Most halvings: one connection in 64.</summary>
    public const int MostHalvings = 6;

    private const long Window = 100_000_000;
    private const int TooOften = 3;
    private const int CalmWindows = 20;
    private const double Calm = 1.0 / 3;

    private readonly long _allowed = (long)(Window * share);
    private long _start = long.MinValue;
    private long _taken;
    private bool _rested;
    private int _restless;
    private int _calm;

    /// <summary>How often the connections that are kept have been halved.</summary>
    public int Halvings { get; private set; }

    /// <summary>How long to rest now; 0 to go on.</summary>
    /// <param name="now">The time.</param>
    /// <param name="taken">Processor time that the thread has taken since it began.</param>
    public long Rest(long now, long taken)
    {
        if (_start == long.MinValue)
            Begin(now, taken);
        if (now - _start >= Window)
            Close(now, taken);
        if (taken - _taken < _allowed)
            return 0;
        _rested = true;
        return Window - (now - _start);
    }

    private void Close(long now, long taken)
    {
        var used = (double)(taken - _taken) / (now - _start);
        _restless = _rested ? _restless + 1 : 0;
        _calm = !_rested && used < share * Calm ? _calm + 1 : 0;
        if (_restless == TooOften && Halvings < MostHalvings)
            (Halvings, _restless) = (Halvings + 1, 0);
        if (_calm == CalmWindows && Halvings > 0)
            (Halvings, _calm) = (Halvings - 1, 0);
        Begin(now, taken);
    }

    private void Begin(long now, long taken) => (_start, _taken, _rested) = (now, taken, false);
}
