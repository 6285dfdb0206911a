using System.Collections.Concurrent;
using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>What belongs to one run of an experiment, for all who take part in it.</summary>
internal sealed class ExperimentRun : IDisposable
{
    private readonly Action<ExperimentStep>? _told;

    public ExperimentRun(ChaosWorld world, Experiment experiment, string by, Action<ExperimentStep>? told, CancellationToken stop)
    {
        (World, Experiment, By, _told) = (world, experiment, by, told);
        Id = RunId.New(experiment.Title, world.Time.GetUtcNow());
        Journal = new(experiment, Id, world.Timeline);
        End = new(stop);
        Audit = new(world.Audit, by, End);
    }

    public ChaosWorld World { get; }

    public Experiment Experiment { get; }

    public string By { get; }

    public string Id { get; }

    public ExperimentJournal Journal { get; }

    /// <summary>Ends the run early.</summary>
    public EndSignal End { get; }

    /// <summary>Tells what it does for good.</summary>
    public AuditTrail Audit { get; }

    /// <summary>Why guards said no.</summary>
    public ConcurrentQueue<GuardRefusal> Refusals { get; } = [];

    /// <summary>What could not be undone.</summary>
    public ConcurrentQueue<string> Left { get; } = [];

    /// <summary>The hypothesis ended it in between.</summary>
    public bool Deviated { get; private set; }

    /// <summary>Ends it since the hypothesis does not hold in between.</summary>
    public void Deviate(string why)
    {
        Deviated = true;
        End.End(ExperimentStatus.Aborted, why);
    }

    /// <summary>The run clock.</summary>
    public TimeSpan Now => World.Timeline.Clock.Now;

    public void Tell(TimelineEvent what) => World.Timeline.Tell(what);

    /// <summary>Tells people who watch.</summary>
    public void Step(ExperimentPhase phase, string name, StepState state, string note = "") => _told?.Invoke(new(phase, name, state, Journal.Redacted(note)));

    public Task DelayAsync(TimeSpan span, CancellationToken stop) => span > TimeSpan.Zero ? TimedWait.ForAsync(span, World.Time, stop) : Task.CompletedTask;

    public void Dispose() => End.Dispose();
}
