using Pressure.Record;

namespace Pressure.Agent;

/// <summary>What a JVM's log says about one collection, pause or cycle.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Collector">The collector's name as <see cref="GcEvent.Collector"/>; <c>unknown</c> while the log has not told.</param>
/// <param name="Reason">The cause in the JVM's words; empty if it does not tell.</param>
/// <param name="Begin">When it began.</param>
/// <param name="Pause">How long all threads stood still; zero for cycles beside the program and for stalls of single threads.</param>
/// <param name="Duration">From begin to end.</param>
/// <param name="Number">The JVM's own number.</param>
/// <param name="Heap">The heap's use.</param>
public readonly record struct LoggedGc(
    GcKind Kind, string Collector, string Reason, LogTime Begin, TimeSpan Pause, TimeSpan Duration, long? Number, HeapUse Heap);

/// <summary>When, as far as the log says: on the wall clock, since the JVM's start, both, or not at all.</summary>
public readonly record struct LogTime(DateTimeOffset? Wall, TimeSpan? Uptime)
{
    /// <summary>So much earlier.</summary>
    public LogTime Minus(TimeSpan span) =>
        // Stamps near the beginning of time are wild input, not times.
        new(Wall is { } wall && wall.UtcTicks > span.Ticks ? wall - span : null, Uptime - span);

    /// <summary>From an earlier time to this one; zero if the two have nothing in common.</summary>
    public TimeSpan Since(LogTime earlier) =>
        Uptime - earlier.Uptime is { } uptime && uptime >= TimeSpan.Zero ? uptime
        : Wall - earlier.Wall is { } wall && wall >= TimeSpan.Zero ? wall
        : TimeSpan.Zero;
}

/// <summary>Bytes of the heap in use before and after, and taken from the system; null where the log does not tell.</summary>
public readonly record struct HeapUse(long? Before, long? After, long? Committed);
