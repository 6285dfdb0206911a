namespace Pressure.LoadGen.Engine;

/// <summary>A lane's requests that wait for a connection, each at the pool of its origin.</summary>
internal sealed class WaitingRequests(OriginPools pools)
{
    // Seconds of any rate that a lane can send; more would only fill the memory until they time out.
    private const int Most = 500_000;

    private int _turn;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>When the next one exceeds its limit.</summary>
    public TimeSpan NextDeadline
    {
        get
        {
            var next = TimeSpan.MaxValue;
            for (var i = 0; Count > 0 && i < pools.Count; i++)
            {
                if (pools[i].Waiting.NextDeadline is var deadline && deadline < next)
                    next = deadline;
            }

            return next;
        }
    }

    /// <summary>Lets a request wait; false if too many do.</summary>
    public bool TryAdd(OriginPool pool, Iteration iteration)
    {
        if (Count == Most)
            return false;
        pool.Waiting.Enqueue(iteration);
        Count++;
        return true;
    }

    /// <summary>One of them has gone into another queue.</summary>
    public void CountOut() => Count--;

    /// <summary>Position of the pool that is served first this time: another one each time, so that none can take every connection that comes free.</summary>
    public int NextTurn() => (_turn = (_turn + 1) % pools.Count);

    /// <summary>One that has waited longer than its limit, if there is any.</summary>
    public Iteration? FirstLate(TimeSpan now)
    {
        for (var i = 0; Count > 0 && i < pools.Count; i++)
        {
            if (pools[i].Waiting.FirstLate(now) is { } late)
                return late;
        }

        return null;
    }

    /// <summary>Any of them.</summary>
    public Iteration? First()
    {
        for (var i = 0; Count > 0 && i < pools.Count; i++)
        {
            if (pools[i].Waiting.First is { } first)
                return first;
        }

        return null;
    }
}
