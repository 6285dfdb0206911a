using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>A drill that runs, and for a while its end. Thread-safe.</summary>
public sealed class RunningDrill
{
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new(), _marks = new();
    private readonly DrillRecord _record;
    private DrillStanding _standing = DrillStanding.Start;
    private bool _isOver;

    internal RunningDrill(DrillOrder order, Experiment experiment, DrillRecord record) =>
        (_record, Order, Experiment, Id, Clock, Folder) = (record, order, experiment, record.Manifest.Id, record.Clock, record.Folder);

    /// <summary>Its run's id.</summary>
    public string Id { get; }

    /// <summary>What was wanted.</summary>
    public DrillOrder Order { get; }

    /// <summary>The experiment.</summary>
    public Experiment Experiment { get; }

    /// <summary>Its clock.</summary>
    public RunClock Clock { get; }

    /// <summary>Its run folder.</summary>
    public string Folder { get; }

    /// <summary>What it tells.</summary>
    public EventFeed Events { get; } = new();

    /// <summary>Who wanted it to stop; null if nobody did.</summary>
    public string? StoppedBy { get; private set; }

    /// <summary>How it stands.</summary>
    public DrillStanding Standing
    {
        get
        {
            lock (_gate)
                return _standing;
        }
    }

    /// <summary>Completes when everything is undone and the record is closed; tells how it went.</summary>
    public Task<DrillEnd> Completion { get; internal set; } = null!;

    /// <summary>How its experiment went; null as long as it runs, and when it never came to its end.</summary>
    internal ExperimentOutcome? Outcome { get; set; }

    internal Task StopAsked => _stop.Task;

    /// <summary>Ends it early: nothing new begins, everything is undone. Again is no harm.</summary>
    public void Stop(string by)
    {
        lock (_gate)
            StoppedBy ??= by;
        _stop.TrySetResult();
    }

    /// <summary>Notes on its timeline how far the answer to a disturbance is; false when it is over.</summary>
    /// <param name="mark">One of <see cref="TimelineEvent.Marked.Words"/>.</param>
    /// <param name="by">Who.</param>
    /// <param name="note">What they add; empty if nothing.</param>
    public bool Mark(string mark, string by, string note = "")
    {
        lock (_marks)
        {
            if (_isOver)
                return false;
            _record.Tell(new TimelineEvent.Marked(Clock.Now, mark, by, note));
            return true;
        }
    }

    /// <summary>The record is about to be closed: nothing is marked any more.</summary>
    internal void EndMarks()
    {
        lock (_marks)
            _isOver = true;
    }

    internal void Told(TimelineEvent what)
    {
        lock (_gate)
            _standing = _standing.After(what);
        Events.Publish(what);
    }
}
