using Pressure.Record;
using Pressure.Web.Access;

namespace Pressure.Web.Agents;

/// <summary>A service's clock against this machine's, by the round trips of requests: the shortest of late knows best. Thread-safe.</summary>
internal sealed class RemoteClock(TimeProvider time)
{
    private const int Kept = 16;

    private readonly Lock _gate = new();
    private readonly Queue<ClockEstimate> _readings = new();
    private ClockEstimate _best;

    /// <summary>What to add to the service's time to get this machine's.</summary>
    public TimeSpan Offset
    {
        get
        {
            lock (_gate)
                return _best.Offset;
        }
    }

    /// <summary>The service's clock was this at some moment within the time that just passed.</summary>
    public void Learn(DateTimeOffset there, TimeSpan took)
    {
        lock (_gate)
        {
            _readings.Enqueue(new ClockEstimate(time.GetUtcNow() - took / 2 - there, took / 2));
            if (_readings.Count > Kept)
                _readings.Dequeue();
            _best = _readings.MinBy(r => r.Uncertainty);
        }
    }

    /// <summary>An entry with its time on this machine's clock.</summary>
    public StoredEntry Place(StoredEntry there)
    {
        ClockEstimate best;
        lock (_gate)
            best = _best;
        return there with { At = there.At + best.Offset, Clock = new ClockEstimate(there.Clock.Offset + best.Offset, there.Clock.Uncertainty + best.Uncertainty) };
    }
}
