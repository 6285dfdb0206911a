using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// What a runtime does with its memory, from what its collections tell; nothing more is asked of the target. What was allocated shows
/// at a collection, as what the heap has grown since the one before: a few percent too little at the most, up to a fifth of large objects
/// that are allocated while background collections free others. Between collections nothing is known.
/// </summary>
internal sealed class DotnetRates(long frequency)
{
    private static readonly int[] Allocates = [0, 3, 4]; // new, large and pinned objects

    private long[]? _heap;      // by generation after the last collection
    private long _heapAt;
    private long _allocated;    // since the last that was told
    private long _allocatedOver;
    private long? _size;
    private long _pausedTold;
    private long? _askedAt;

    /// <summary>Takes a collection.</summary>
    public void Take(Collection collection)
    {
        if (collection.Sizes is { } sizes)
            _size = sizes.Sum();
        if (collection.After is not { } after)
            return;
        // A background collection tells what it found when it swept, at its end.
        var at = collection.Background ? collection.End : collection.Begin;
        if (collection.Before is { } before && _heap is { } last)
        {
            foreach (var generation in Allocates)
                _allocated += Math.Max(0, before[generation] - last[generation]);
            _allocatedOver += Math.Max(0, at - _heapAt);
        }
        (_heap, _heapAt) = (after, at);
    }

    /// <summary>What happened since the last call.</summary>
    /// <param name="now">The time in ticks of the stream's clock.</param>
    /// <param name="paused">How long all threads have stood still since the stream's begin, this moment's stop included.</param>
    public GcRates? Tell(long now, long paused)
    {
        var over = now - _askedAt;
        _askedAt = now;
        if (over is not > 0)
            return null;
        // A stop that is still going on is reckoned up to now; if it ended meanwhile, the next call takes back what was too much.
        var stopped = Math.Clamp(paused - _pausedTold, 0, over.Value);
        _pausedTold += stopped;
        double? rate = _allocatedOver > 0 ? (double)_allocated * frequency / _allocatedOver : null;
        (_allocated, _allocatedOver) = (0, 0);
        return new GcRates(rate, (double)stopped / over.Value, _size);
    }
}
