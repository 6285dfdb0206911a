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
    private readonly RequestInterval _total = new();
    private readonly int _slotSeconds;
    private readonly int _slotCount;
    private Slot? _open;
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
        var slot = _open ??= TakeSlot();
        slot.Add(second, _fits, hosts);
        if (++_openSeconds < _slotSeconds)
            return null;
        _slots.Enqueue(slot);
        (_open, _openSeconds) = (null, 0);
        var at = TimeSpan.FromSeconds(second.Second + 1);
        return _slots.Count == _slotCount && at >= _rule.After ? Judge(at) : null;
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
            _total.Add(slot.Total);
        return new(_total, _slots.Sum(s => s.IterationsEnded), _slots.Sum(s => s.IterationsDropped), seconds, [.. _slots.SelectMany(s => s.Hosts)]);
    }

    // The oldest slot's memory serves for the newest.
    private Slot TakeSlot()
    {
        var slot = _slots.Count == _slotCount ? _slots.Dequeue() : new Slot();
        slot.Clear();
        return slot;
    }

    private sealed class Slot
    {
        public RequestInterval Total { get; } = new();

        public List<HostSample> Hosts { get; } = [];

        public long IterationsEnded { get; private set; }

        public long IterationsDropped { get; private set; }

        public void Add(Interval second, bool[] fits, IEnumerable<HostSample> hosts)
        {
            for (var i = 0; i < fits.Length; i++)
            {
                if (fits[i])
                    Total.Add(second.Requests[i]);
            }
            IterationsEnded += second.IterationsEnded;
            IterationsDropped += second.IterationsDropped;
            Hosts.AddRange(hosts);
        }

        public void Clear()
        {
            Total.Clear();
            Hosts.Clear();
            IterationsEnded = IterationsDropped = 0;
        }
    }
}
