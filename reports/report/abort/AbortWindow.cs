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
    private readonly SubjectReadings _openReadings;
    private readonly SubjectReadings _allReadings;
    private readonly IReadOnlyList<HostManifest> _agents;
    private readonly Interval _total = new(0, 0, 1);
    private readonly int _slotSeconds;
    private readonly int _slotCount;
    private int _openSeconds;

    /// <summary>An empty window.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="requests">The run's requests, in the order of its intervals.</param>
    /// <param name="agents">The run's agents, whose labels name services.</param>
    public AbortWindow(AbortRule rule, IReadOnlyList<RequestManifest> requests, IReadOnlyList<HostManifest>? agents = null)
    {
        _rule = rule;
        _agents = agents ?? [];
        (_openReadings, _allReadings) = (NewReadings(), NewReadings());
        _fits = [.. requests.Select(rule.When.Selector.Matches)];
        var seconds = (int)Math.Ceiling(rule.Over.TotalSeconds);
        _slotSeconds = (seconds + MostSlots - 1) / MostSlots;
        _slotCount = (seconds + _slotSeconds - 1) / _slotSeconds;
    }

    /// <summary>
    /// Takes the next closed second with the hosts' samples and the collections that came in it; the event when the rule's condition has come
    /// true (of several machines: for one of them), else null.
    /// </summary>
    public TimelineEvent.Aborted? Add(Interval second, IEnumerable<HostSample> hosts, IEnumerable<GcEvent>? collections = null)
    {
        for (var i = 0; i < _fits.Length; i++)
        {
            if (_fits[i])
                _open.Requests[0].Add(second.Requests[i]);
        }
        _open.IterationsEnded += second.IterationsEnded;
        _open.IterationsDropped += second.IterationsDropped;
        foreach (var host in hosts)
            _openReadings.Take(host);
        foreach (var collection in collections ?? [])
            _openReadings.Take(collection);
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
        var readings = NewReadings();
        readings.Add(_openReadings);
        _slots.Enqueue(new(Interval.Decode(_open.Encode()), readings));
        _open.Clear();
        _openReadings.Clear();
        _openSeconds = 0;
    }

    private TimelineEvent.Aborted? Judge(TimeSpan at)
    {
        var over = TimeSpan.FromSeconds(_slotCount * _slotSeconds);
        if (ThresholdJudge.Measure(_rule.When, Whole(over.TotalSeconds), any: true) is not { } actual || !_rule.When.Criterion.Holds(actual.Value))
            return null;
        return new TimelineEvent.Aborted(at, _rule.When.Metric, _rule.When.Expression, actual.ShownBy(_rule.When), over);
    }

    private MeasuredSpan Whole(double seconds)
    {
        _total.Clear();
        _allReadings.Clear();
        foreach (var slot in _slots)
        {
            _total.Add(slot.Counts);
            _allReadings.Add(slot.Readings);
        }
        return new(_total.Requests[0], _total.IterationsEnded, _total.IterationsDropped, seconds, _allReadings);
    }

    private SubjectReadings NewReadings() => new(_rule.When.Selector, _agents);

    private sealed record Slot(Interval Counts, SubjectReadings Readings);
}
