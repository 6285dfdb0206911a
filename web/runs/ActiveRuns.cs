using Pressure.Cluster;

namespace Pressure.Web.Runs;

/// <summary>The runs that go on in this service: a bounded number, since runs on one machine disturb each other's figures. Thread-safe.</summary>
internal sealed class ActiveRuns(int atOnce)
{
    private readonly List<RunHandle> _runs = [];
    private readonly Lock _gate = new();
    private bool _closing;

    /// <summary>The run with this id, until its reports are written.</summary>
    public RunHandle? Find(string id)
    {
        // Under the gate, so that a run whose folder is there already but which TryStart has not noted yet is not taken for a dead one.
        lock (_gate)
            return _runs.Find(r => r.Manifest.Id == id && !r.Completion.IsCompleted);
    }

    public IReadOnlyList<RunHandle> All()
    {
        lock (_gate)
            return [.. _runs.Where(r => !r.Completion.IsCompleted)];
    }

    /// <summary>Starts a run if there is room; null (and nothing started) if there is none or the service is about to end.</summary>
    public RunHandle? TryStart(Func<RunHandle> start)
    {
        lock (_gate)
        {
            _runs.RemoveAll(r => r.Completion.IsCompleted);
            if (_closing || _runs.Count >= atOnce)
                return null;
            var run = start();
            _runs.Add(run);
            return run;
        }
    }

    /// <summary>Takes a run that goes on already, whether there is room or not.</summary>
    public void Adopt(RunHandle run)
    {
        lock (_gate)
            _runs.Add(run);
    }

    /// <summary>Starts nothing more, stops all runs and waits for their reports, but no longer than <paramref name="patience"/>.</summary>
    public async Task StopAllAsync(string by, TimeSpan patience, TimeProvider time)
    {
        lock (_gate)
            _closing = true;
        var runs = All();
        foreach (var run in runs)
            run.Stop(by);
        try
        {
            await Task.WhenAll(runs.Select(r => r.Completion)).WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            // Seconds measured so far are on disk; the next start of the service writes the missing reports from them.
        }
    }
}
