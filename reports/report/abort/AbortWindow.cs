using Pressure.Record;

namespace Pressure.Reports;

/// <summary>The last seconds of a run as one abort rule sees them. Not thread-safe.</summary>
/// <remarks>
/// <code>
/// closed second -> slot -> [ slot | slot | ... | slot ] -> counts added -> measured as a threshold is
/// </code>
/// At most sixty slots, so that its memory does not grow with the window: one longer than a minute moves on by sixtieths of itself.
/// </remarks>
public sealed class AbortWindow
{
    private const int MostSlots = 60;

    private readonly AbortRule _rule;
    private readonly bool[] _fits;
    private readonly Queue<Slot> _slots = new();
    private readonly Interval _open = new(0, 0, 1);
    private readonly List<HostSample> _openHosts = [];
    private readonly Interval _total = new(0, 0, 1);
    private readonly int _slotSeconds;
    private readonly int _slotCount;
    private int _openSeconds;

    /// <summary>An empty window.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="requests">The run's requests, in the order of its intervals.</param>
    public AbortWindow(AbortRule rule, IReadOnlyList<RequestManifest> requests)
    {
        _rule = rule;
        _fits = [.. requests.Select(rule.When.Selector.Matches)];
        var seconds = (int)Math.Ceiling(rule.Over.TotalSeconds);
        _slotSeconds = (seconds + MostSlots - 1) / MostSlots;
        _slotCount = (seconds + _slotSeconds - 1) / _slotSeconds;
    }

    /// <summary>Takes the next closed second with the hosts' samples of it; the event when the rule's condition has come true, else null.</summary>
    public TimelineEvent.Aborted? Add(Interval second, IEnumerable<HostSample> hosts)
    {
        for (var i = 0; i < _fits.Length; i++)
        {
            if (_fits[i])
                _open.Requests[0].Add(second.Requests[i]);
        }
        _open.IterationsEnded += second.IterationsEnded;
        _open.IterationsDropped += second.IterationsDropped;
        _openHosts.AddRange(hosts);
        if (++_openSeconds < _slotSeconds)
            return null;
        CloseSlot();
        var at = TimeSpan.FromSeconds(second.Second + 1);
        return _slots.Count == _slotCount && at >= _rule.After ? Judge(at) : null;
    }

    // Encoded and read again it is packed: a histogram to be counted in takes a hundred times the room.
    private void CloseSlot()
    {
        if (_slots.Count == _slotCount)
            _slots.Dequeue();
        _slots.Enqueue(new(Interval.Decode(_open.Encode()), [.. _openHosts]));
        _open.Clear();
        _openHosts.Clear();
        _openSeconds = 0;
    }

    private TimelineEvent.Aborted? Judge(TimeSpan at)
    {
        var over = TimeSpan.FromSeconds(_slotCount * _slotSeconds);
        if (ThresholdJudge.Measure(_rule.When, Whole(over.TotalSeconds)) is not { } actual || !_rule.When.Criterion.Holds(actual))
            return null;
        return new TimelineEvent.Aborted(at, _rule.When.Metric, _rule.When.Expression, _rule.When.Show(actual), over);
    }

    private MeasuredSpan Whole(double seconds)
    {
        _total.Clear();
        foreach (var slot in _slots)
            _total.Add(slot.Counts);
        return new(_total.Requests[0], _total.IterationsEnded, _total.IterationsDropped, seconds, [.. _slots.SelectMany(s => s.Hosts)]);
    }

    private sealed record Slot(Interval Counts, IReadOnlyList<HostSample> Hosts);
}
