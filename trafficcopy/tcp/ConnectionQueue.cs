namespace Pressure.TrafficCopy;

/// <summary>Connections by the time at which they were put in, the oldest first; putting in and taking out take no search.</summary>
internal sealed class ConnectionQueue
{
    private QueuePlace? _last;

    /// <summary>The oldest.</summary>
    public QueuePlace? First { get; private set; }

    /// <summary>Puts one at the end, out of whichever queue its place was in.</summary>
    public void Append(QueuePlace place, long now)
    {
        place.Queue?.Remove(place);
        (place.Queue, place.Since, place.Before) = (this, now, _last);
        if (_last is null)
            First = place;
        else
            _last.After = place;
        _last = place;
    }

    /// <summary>Takes one out.</summary>
    public void Remove(QueuePlace place)
    {
        if (place.Before is null)
            First = place.After;
        else
            place.Before.After = place.After;
        if (place.After is null)
            _last = place.Before;
        else
            place.After.Before = place.Before;
        (place.Queue, place.Before, place.After) = (null, null, null);
    }
}

/// <summary>A connection's place in one of several queues.</summary>
internal sealed class QueuePlace(TcpConnection owner)
{
    public TcpConnection Owner { get; } = owner;

    public ConnectionQueue? Queue { get; set; }

    public long Since { get; set; }

    public QueuePlace? Before { get; set; }

    public QueuePlace? After { get; set; }

    public void Leave() => Queue?.Remove(this);
}
