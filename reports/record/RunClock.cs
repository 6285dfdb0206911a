namespace Pressure.Record;

/// <summary>
/// The one clock of a run: monotonic offsets since the run's start, and a single wall-clock anchor to print them with.
/// </summary>
/// <remarks>Everything on the timeline is a <see cref="TimeSpan"/> since <see cref="StartedAt"/>; wall time is only ever computed.</remarks>
public sealed class RunClock
{
    private readonly TimeProvider _time;
    private readonly long _start;

    /// <summary>Anchors a clock at this moment, or a lead time later: offsets are negative until then, so that everybody can get ready.</summary>
    public RunClock(TimeProvider time, TimeSpan lead = default)
    {
        _time = time;
        _start = time.GetTimestamp() + (long)(lead.TotalSeconds * time.TimestampFrequency);
        StartedAt = time.GetUtcNow() + lead;
    }

    private RunClock(TimeProvider time, long start, DateTimeOffset startedAt) => (_time, _start, StartedAt) = (time, start, startedAt);

    /// <summary>The clock of a run that others agreed on: offset zero is at a monotonic timestamp of this machine, which they call that wall time.</summary>
    /// <param name="time">This machine's clock.</param>
    /// <param name="start">Offset zero, in units of <see cref="TimeProvider.TimestampFrequency"/>; may lie in the past.</param>
    /// <param name="startedAt">The same moment by the clock of whoever leads the run.</param>
    public static RunClock Agreed(TimeProvider time, long start, DateTimeOffset startedAt) => new(time, start, startedAt);

    /// <summary>The wall-clock anchor (UTC).</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The raw monotonic timestamp at the start, in units of <see cref="TimeProvider.TimestampFrequency"/>.</summary>
    public long StartTimestamp => _start;

    /// <summary>Monotonic time since the start, in steps of 100 ns.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>The wall time (UTC) at an offset.</summary>
    public DateTimeOffset WallTimeAt(TimeSpan offset) => StartedAt + offset;
}
