namespace Pressure.Record;

/// <summary>How long requests were in each phase. Only times above zero are recorded, so that a phase that took none costs nothing.</summary>
public sealed class PhaseTimes
{
    /// <summary>How many phases there are.</summary>
    public static readonly int Count = Enum.GetValues<RequestPhase>().Length;

    private readonly Histogram?[] _times = new Histogram?[Count];

    /// <summary>Whether any phase of any request was measured; never in records of format 1.</summary>
    public bool Any => _times.Any(t => t is { Count: > 0 });

    /// <summary>The times of the requests that were in a phase for some time; null when none was.</summary>
    public Histogram? this[RequestPhase phase]
    {
        get => _times[(int)phase] is { Count: > 0 } times ? times : null;
        internal set => _times[(int)phase] = value;
    }

    /// <summary>Records the time a request was in a phase.</summary>
    public void Record(RequestPhase phase, TimeSpan time) => (_times[(int)phase] ??= new()).Record(time);

    /// <summary>The times of <paramref name="requests"/> requests: those that were never in the phase count as zero, as k6 has it.</summary>
    public Histogram Of(RequestPhase phase, long requests)
    {
        var all = this[phase]?.Copy() ?? new Histogram();
        all.Record(TimeSpan.Zero, Math.Max(0, requests - all.Count));
        return all;
    }

    /// <summary>Time in a phase, over all requests; from the histogram, so exact to its precision.</summary>
    public TimeSpan Total(RequestPhase phase) => this[phase] is { } times ? times.Mean * times.Count : TimeSpan.Zero;

    /// <summary>Adds another's times to these.</summary>
    public void Add(PhaseTimes other)
    {
        for (var i = 0; i < Count; i++)
        {
            if (other._times[i] is { Count: > 0 } times)
                (_times[i] ??= new()).Add(times);
        }
    }

    /// <summary>Forgets all times, keeps the memory.</summary>
    public void Clear()
    {
        foreach (var times in _times)
            times?.Clear();
    }
}
