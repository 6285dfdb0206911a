using Pressure.Record;

namespace Pressure.Reports;

/// <summary>The collections of one process over a run's seconds.</summary>
internal sealed class GcTrack(GcEvent first, Func<int, bool> counts)
{
    /// <summary>Pauses below this are counted but not kept one by one: they explain no response time.</summary>
    public static readonly TimeSpan Noticeable = TimeSpan.FromMilliseconds(5);

    private readonly Dictionary<int, Second> _seconds = [];
    private readonly SortedDictionary<GcKind, long> _kinds = [];
    private readonly List<GcPause> _pauses = [];
    private readonly List<TimeSpan> _cycles = [];
    private readonly List<TimeSpan> _initialMarks = [];

    public GcRuntime Runtime => first.Runtime;

    public string Collector { get; private set; } = first.Collector;

    /// <summary>Every stop of the whole process.</summary>
    public Histogram Pauses { get; } = new();

    /// <summary>How long it was stopped in all; from the events themselves, not from the histogram's rounded values.</summary>
    public TimeSpan PauseTotal { get; private set; }

    public TimeSpan PauseMax { get; private set; }

    public long Collections { get; private set; }

    public long Full { get; private set; }

    public TimeSpan FullMax { get; private set; }

    public TimeSpan FullTotal { get; private set; }

    /// <summary>Times that threads waited for memory, beside the pauses of the whole process.</summary>
    public long Stalls { get; private set; }

    public TimeSpan StallMax { get; private set; }

    public IReadOnlyDictionary<GcKind, long> Kinds => _kinds;

    /// <summary>Pauses of the whole run that are long enough to be noticed.</summary>
    public IReadOnlyList<GcPause> Noticed => _pauses;

    /// <summary>Begins of the cycles of the old generation beside the program: those that were told as a whole, else their first pauses.</summary>
    public IReadOnlyList<TimeSpan> OldCycles => _cycles.Count > 0 ? _cycles : _initialMarks;

    /// <summary>The collections of a second, if there were any.</summary>
    public Second? In(int second) => _seconds.TryGetValue(second, out var found) ? found : null;

    public IEnumerable<int> Seconds => _seconds.Keys;

    /// <summary>Takes the next collection.</summary>
    public void Take(GcEvent gc)
    {
        if (Collector is "" or "unknown")
            Collector = gc.Collector;
        var isStop = gc.Kind is not GcKind.AllocationStall && gc.Pause > TimeSpan.Zero;
        if (isStop)
        {
            Spread(gc);
            if (gc.Pause >= Noticeable)
                _pauses.Add(new(gc.At, gc.Pause, gc.Kind, gc.IsFull));
        }
        if (!counts(SecondOf(gc.At)))
            return;
        _kinds[gc.Kind] = _kinds.GetValueOrDefault(gc.Kind) + 1;
        Collections += IsCollection(gc) ? 1 : 0;
        if (gc.Kind is GcKind.ConcurrentCycle or GcKind.Gen2Background)
            _cycles.Add(gc.At);
        if (gc.Kind is GcKind.InitialMark)
            _initialMarks.Add(gc.At);
        if (gc.Kind is GcKind.AllocationStall)
            (Stalls, StallMax) = (Stalls + 1, Longer(StallMax, gc.Pause > gc.Duration ? gc.Pause : gc.Duration));
        if (gc.IsFull)
            (Full, FullMax, FullTotal) = (Full + 1, Longer(FullMax, gc.Pause), FullTotal + gc.Pause);
        if (!isStop)
            return;
        Pauses.Record(gc.Pause);
        PauseTotal += gc.Pause;
        PauseMax = Longer(PauseMax, gc.Pause);
    }

    /// <summary>The second in which something began.</summary>
    public static int SecondOf(TimeSpan at) => Math.Max(0, (int)Math.Floor(at.TotalSeconds));

    /// <summary>Pauses within a cycle beside the program are parts of a collection; only G1's first one is a collection of the young generation itself.</summary>
    private static bool IsCollection(GcEvent gc) => gc.Kind switch
    {
        GcKind.AllocationStall or GcKind.Remark or GcKind.Cleanup => false,
        GcKind.InitialMark => gc.Collector == "G1",
        _ => true,
    };

    private void Spread(GcEvent gc)
    {
        // A pause that lasts into the next second stops both; how long it was stands where it began.
        var begin = gc.At > TimeSpan.Zero ? gc.At : TimeSpan.Zero;
        var end = begin + gc.Pause;
        var last = Math.Min(SecondOf(end), SecondOf(begin) + 3600);
        for (var second = SecondOf(begin); second <= last; second++)
        {
            var from = Longer(begin, TimeSpan.FromSeconds(second));
            var until = end < TimeSpan.FromSeconds(second + 1) ? end : TimeSpan.FromSeconds(second + 1);
            var had = _seconds.GetValueOrDefault(second);
            var starts = second == SecondOf(begin);
            _seconds[second] = new(
                had.Stopped + Math.Max(0, (until - from).TotalSeconds),
                starts && !gc.IsFull ? Math.Max(had.Longest, gc.Pause.TotalMilliseconds) : had.Longest,
                starts && gc.IsFull ? Math.Max(had.Full, gc.Pause.TotalMilliseconds) : had.Full);
        }
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    /// <summary>The pauses of a second.</summary>
    /// <param name="Stopped">Share (0 to 1) of it in which the process stood still.</param>
    /// <param name="Longest">Longest pause that began in it and was no full collection, milliseconds; 0 for none.</param>
    /// <param name="Full">Longest full collection that began in it, milliseconds; 0 for none.</param>
    public readonly record struct Second(double Stopped, double Longest, double Full);
}

/// <summary>A stop of a whole process.</summary>
internal readonly record struct GcPause(TimeSpan At, TimeSpan Pause, GcKind Kind, bool IsFull);
