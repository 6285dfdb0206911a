using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>
/// When each beat was sent, and so until when a worker may send: from the last beat that was heard, by its own monotonic clock. Thread-safe.
/// </summary>
/// <remarks>
/// The moment is taken before the beat goes out, so whatever delays it (a pause of the process too) only shortens the lease: the coordinator counts from when it heard.
/// <code>
/// worker       ---b1-------b2-------b3------|  b2 was the last one heard: b2 + lease
///                   \        \        \
/// coordinator  -------b1-------b2----- x ------|  heard b2 later, so it gives the share away later
/// </code>
/// </remarks>
internal sealed class LeaseBook(TimeProvider time, TimeSpan lease)
{
    private const int MostKept = 256;

    private readonly Lock _gate = new();
    private readonly Queue<(long Number, long At)> _sent = new();
    private long _last;
    private long? _heardAt;

    /// <summary>A beat is about to be sent: its number. Numbers rise, also from one start of a worker to the next, so that no beat is taken for another's.</summary>
    public long Sending()
    {
        lock (_gate)
        {
            _last = Math.Max(_last + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
            if (_sent.Count == MostKept)
                _sent.Dequeue();
            _sent.Enqueue((_last, time.GetTimestamp()));
            return _last;
        }
    }

    /// <summary>A beat was heard. Of one that is unknown, or too long ago to matter, nothing follows.</summary>
    public void Heard(long number)
    {
        lock (_gate)
        {
            while (_sent.TryPeek(out var beat) && beat.Number <= number)
            {
                _sent.Dequeue();
                if (beat.Number == number)
                    _heardAt = beat.At;
            }
        }
    }

    /// <summary>
    /// When the lease ends on a run's clock, null while no beat has been heard. A moment and not how much is left: whoever was frozen after asking for that would add it to a later now.
    /// </summary>
    public TimeSpan? EndOn(RunClock clock)
    {
        lock (_gate)
            return _heardAt is { } at ? time.GetElapsedTime(clock.StartTimestamp, at) + lease : null;
    }
}
