using System.Collections.Concurrent;
using Pressure.Faults;
using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>Tells the timeline what the container engine tells of containers that the experiment strikes: deaths, restarts, health.</summary>
internal sealed class EngineWatch : IAsyncDisposable
{
    // What undoing did is told by the engine a moment later.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    private readonly ExperimentRun _run;
    private readonly ConcurrentDictionary<string, bool> _minded = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _hearing;

    public EngineWatch(ExperimentRun run)
    {
        _run = run;
        var strikesContainers = run.Experiment.Method.Concat(run.Experiment.Rollbacks).Any(a => a.Provider is Provider.Fault { Selector.Kind: TargetKind.Container });
        _hearing = strikesContainers && run.World.EngineEvents is { } events ? HearAsync(events(run.World.Time.GetUtcNow(), _stop.Token)) : Task.CompletedTask;
    }

    /// <summary>It is about to be struck. By its name, so that one made anew in its place is heard of too.</summary>
    public void Mind(Candidate candidate)
    {
        if (candidate is { Host: "local", Target: FaultTarget.Container container })
            _minded[container.Name] = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_minded.IsEmpty && !_hearing.IsCompleted)
            await _run.DelayAsync(Grace, CancellationToken.None);
        _stop.Cancel();
        await _hearing;
        _stop.Dispose();
    }

    private async Task HearAsync(IAsyncEnumerable<EngineEvent> events)
    {
        try
        {
            await foreach (var told in events)
                Take(told);
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Faults find out by themselves what they can't do without the engine; here only the marks on the timeline are missing.
            _run.Step(ExperimentPhase.Method, "container engine", StepState.Failed, e.Message);
        }
    }

    private void Take(EngineEvent told)
    {
        switch (told)
        {
            case EngineEvent.Changed changed when _minded.ContainsKey(changed.Name) && _run.World.ToldOfEngine.TryAdd(changed, true):
                var at = _run.Now - (_run.World.Time.GetUtcNow() - changed.At);
                _run.Tell(new TimelineEvent.ContainerChanged(at < _run.Now ? at : _run.Now, "local", changed.Name, changed.Action, changed.Note));
                break;
            case EngineEvent.Away(var why, var remedy):
                _run.Step(ExperimentPhase.Method, "container engine", StepState.Failed, $"{why} {remedy}");
                break;
        }
    }
}
