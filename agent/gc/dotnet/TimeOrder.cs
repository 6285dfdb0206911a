namespace Pressure.Agent;

/// <summary>
/// Puts steps into the order of time. A runtime writes what its threads told thread by thread, ten times a second, and marks events that
/// nothing older will follow; up to such a mark everything can go on.
/// </summary>
internal sealed class TimeOrder(Action<GcStep> next) : INettraceSink
{
    /// <summary>Steps that wait at the most; past that the order is given up rather than the memory.</summary>
    public const int Most = 50_000;

    private readonly List<(GcStep Step, int Arrival)> _waiting = [];
    private int _arrivals;

    /// <summary>Whether steps wait for a mark.</summary>
    public bool Waits => _waiting.Count > 0;

    /// <inheritdoc/>
    public void Take(in RuntimeEvent what)
    {
        if (GcStep.Read(what) is { } step)
            _waiting.Add((step, _arrivals++));
        if (what.IsSorted)
            Release(what.At);
        else if (_waiting.Count >= Most)
            Barrier();
    }

    /// <inheritdoc/>
    public void Barrier() => Release(long.MaxValue);

    private void Release(long upTo)
    {
        if (_waiting.Count == 0)
            return;
        // Steps of the same moment stay in the order in which they came.
        _waiting.Sort((a, b) => a.Step.At != b.Step.At ? a.Step.At.CompareTo(b.Step.At) : a.Arrival.CompareTo(b.Arrival));
        var count = _waiting.FindIndex(w => w.Step.At > upTo);
        if (count < 0)
            count = _waiting.Count;
        for (var i = 0; i < count; i++)
            next(_waiting[i].Step);
        _waiting.RemoveRange(0, count);
        if (_waiting.Count == 0)
            _arrivals = 0;
    }
}
