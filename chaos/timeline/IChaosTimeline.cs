using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>Where what chaos does is told: a run of the load, or a drill's own run folder. Thread-safe.</summary>
public interface IChaosTimeline
{
    /// <summary>The clock that events are told on.</summary>
    RunClock Clock { get; }

    /// <summary>Tells.</summary>
    void Tell(TimelineEvent what);

    /// <summary>Says where a file beside the record may be written (the journal); null if nowhere.</summary>
    string? Folder { get; }
}
