namespace Pressure.LoadGen.Engine;

/// <summary>
/// Requests in the order in which they came, found by their time limits: those with the same limit stand in a queue of their own,
/// in which the order of entry is that of deadlines, so only the heads need be looked at. Most plans have one limit.
/// </summary>
internal sealed class TimedLine
{
    private readonly IReadOnlyList<TimeSpan> _limits;
    private readonly LinkedQueue<Iteration>[] _queues;

    /// <summary>An empty line for requests with these limits.</summary>
    public TimedLine(IReadOnlyList<TimeSpan> limits) => (_limits, _queues) = (limits, [.. limits.Select(_ => new LinkedQueue<Iteration>())]);

    /// <summary>How many stand in it.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var queue in _queues)
                count += queue.Count;
            return count;
        }
    }

    /// <summary>The one that has stood longest.</summary>
    public Iteration? First
    {
        get
        {
            var first = _queues[0].First;
            for (var i = 1; i < _queues.Length; i++)
            {
                if (_queues[i].First is { } other && (first is null || other.DispatchedAt < first.DispatchedAt))
                    first = other;
            }

            return first;
        }
    }

    /// <summary>When the next one exceeds its limit.</summary>
    public TimeSpan NextDeadline
    {
        get
        {
            var next = TimeSpan.MaxValue;
            for (var i = 0; i < _queues.Length; i++)
            {
                if (_queues[i].First is { } first && first.DispatchedAt + _limits[i] < next)
                    next = first.DispatchedAt + _limits[i];
            }

            return next;
        }
    }

    /// <summary>Puts a request at the end; takes it out of the queue it stood in.</summary>
    public void Enqueue(Iteration iteration) => _queues[iteration.Request.Limit].Enqueue(iteration);

    /// <summary>One that has exceeded its limit, if there is any.</summary>
    public Iteration? FirstLate(TimeSpan now)
    {
        for (var i = 0; i < _queues.Length; i++)
        {
            if (_queues[i].First is { } first && first.DispatchedAt + _limits[i] <= now)
                return first;
        }

        return null;
    }

    /// <summary>All of them.</summary>
    public List<Iteration> All()
    {
        var all = new List<Iteration>();
        foreach (var queue in _queues)
        {
            for (var iteration = queue.First; iteration is not null; iteration = iteration.Next)
                all.Add(iteration);
        }

        return all;
    }
}
