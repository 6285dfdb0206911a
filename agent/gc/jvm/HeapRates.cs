using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// A JVM's memory between two looks, out of its collections: what was allocated since the collection before is what the heap has grown by. Over a
/// time without a collection nobody knows, and collectors that work beside the program tell too little.
/// </summary>
internal sealed class HeapRates
{
    private readonly Lock _gate = new();
    private DateTimeOffset? _lastAt;
    private long? _lastAfter;
    private long _allocated;
    private TimeSpan _over;
    private TimeSpan _paused;
    private long? _since;

    public void Take(DateTimeOffset at, in LoggedGc collection)
    {
        lock (_gate)
        {
            _paused += collection.Pause;
            if (collection.Heap.After is not { } after)
                return;
            if (collection.Kind != GcKind.ConcurrentCycle && collection.Collector is not (Collectors.Zgc or Collectors.Shenandoah))
            {
                if (_lastAfter is { } last && _lastAt is { } lastAt && collection.Heap.Before is { } before && at > lastAt)
                {
                    _allocated += Math.Max(before - last, 0);
                    _over += at - lastAt;
                }

                _lastAt = at + collection.Pause;
            }

            _lastAfter = after;
        }
    }

    /// <summary>Since the last call; null at the first.</summary>
    public GcRates? Take(TimeProvider time)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            GcRates? rates = null;
            if (_since is { } since && time.GetElapsedTime(since, now) is { Ticks: > 0 } elapsed)
                rates = new GcRates(_over > TimeSpan.Zero ? _allocated / _over.TotalSeconds : null, Math.Min(_paused / elapsed, 1), _lastAfter);
            _since = now;
            (_allocated, _over, _paused) = (0, TimeSpan.Zero, TimeSpan.Zero);
            return rates;
        }
    }
}
