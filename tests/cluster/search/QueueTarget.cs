using System.Diagnostics;

namespace Pressure.Cluster.Tests;

/// <summary>
/// A target of known capacity: workers that take a fixed time for each request, so it serves workers / time requests a second and lets
/// the others wait. When a request is ready is arithmetic: a timer that rings late costs no capacity.
/// </summary>
internal sealed class QueueTarget(int workers, TimeSpan time) : ListeningTarget
{
    private readonly TimeSpan[] _free = new TimeSpan[workers];

    protected override TimeSpan Take()
    {
        var now = Stopwatch.GetElapsedTime(0);
        var worker = Array.IndexOf(_free, _free.Min());
        _free[worker] = (_free[worker] > now ? _free[worker] : now) + time;
        return _free[worker] - now;
    }
}
